import { filter } from 'rxjs';
import {
  action,
  addNode,
  answerWith,
  emitEvent,
  memoryResultCache,
  ofType,
  skipNode,
  type ExecutionEvent,
  type HookOperator,
  type SupervisorHookV2,
} from '../../../lib/index.js';
import { Lab, fail } from '../../support/executor.js';
import { node } from '../../support/logOf.js';

/** From the lab's first second to a day that has a date worth showing. */
const LATER = Date.UTC(2026, 0, 2, 3, 4, 5) - 1_000_000;

/** Adds a node when another one is done, and asks for what is refused. */
const planner: HookOperator = Object.assign(
  answerWith(
    (event$) =>
      event$.pipe(
        ofType('NodeSucceeded'),
        filter(({ nodeId }) => nodeId === 'load'),
      ),
    () => [addNode(node('late: load', { branch: 'side' })), skipNode('load'), addNode(node('load'))],
  ),
  { hookName: 'planner' },
);

/** Tells of what failed, in its own event and in metrics. */
const teller: HookOperator = Object.assign(
  answerWith(ofType('NodeFailed'), ({ nodeId }) => emitEvent('noticed', { nodeId })),
  { hookName: 'teller' },
);

/** Rewrites what one node gets, and throws once. */
const gatekeeper: SupervisorHookV2 = {
  name: 'gatekeeper',
  beforeNodeStart: (_ctx, { id }) => (id === 'gated' ? { inputs: { by: 'gatekeeper' } } : undefined),
  onNodeComplete: (_ctx, { nodeId }) => {
    if (nodeId === 'gated') throw new Error('the hook itself is broken');
  },
};

/**
 * The log of a whole run, on virtual time: retries, a timeout, a failure with all that it skips, a fan-out with a part that fails, a
 * DAG inside, branches that are paused and cancelled, a person's answer, gates, hooks that add nodes, are refused and break, nodes
 * that are removed, retried by hand and skipped, and a change of how many run at once.
 */
export const story = async (): Promise<readonly ExecutionEvent[]> => {
  const lab = new Lab(false);
  let isMended = false;
  const trial = lab.start(
    [
      node('load', { estimateMs: 400 }),
      node('each: load', { forEach: { $ref: 'load' }, tryCount: 2, retry: { type: 'Immediate' } }),
      node('flaky: load', { tryCount: 3, retry: { type: 'Linear', delayMs: 120 }, branch: 'main' }),
      node('hangs: load', { timeoutMs: 300, branch: 'main' }),
      node('broken: load'),
      node('after: broken'),
      node('afterwards: after'),
      node('inside: load', { action: 'dag', inputs: { dag: 'inner' } }),
      node('ask: flaky', { action: 'human.input', inputs: { question: 'Ship it?' } }),
      node('ship: ask'),
      node('held: load', { branch: 'side' }),
      node('cut: load', { branch: 'cut' }),
      node('below: cut', { branch: 'cut' }),
      node('gated: load', { action: 'gated' }),
      node('gone: ship'),
      node('kept: load', { action: 'sum', cache: 'always' }),
      node('again: kept', { action: 'sum', cache: 'always' }),
      node('passed: held'),
    ],
    {
      name: 'story',
      runId: 'story-1',
      config: { maxParallelNodes: 2 },
      hooks: [planner, teller, gatekeeper],
      library: [{ name: 'inner', nodes: [node('one'), node('two: one')] }],
      actions: [action('gated', ({ inputs }) => inputs as never), action('sum', () => 42)],
      executor: { results: memoryResultCache() },
      does: {
        '*': 80,
        load: () => lab.last(20, ['a', 'b', 'c', 'd']),
        flaky: ({ attempt }) => {
          if (attempt < 3) throw new Error('not yet');
          return { rows: 3, note: 'done at last' };
        },
        hangs: 100_000,
        cut: 100_000,
        broken: (ctx) => (isMended ? ctx.nodeId : fail('the table is gone')(ctx)),
        'each[2]': fail('no such item'),
      },
    },
  );
  await trial.pass(1);
  await trial.grant({ type: 'PauseBranch', branchId: 'side', reason: 'not now' });
  await trial.pass(200);
  await trial.grant({ type: 'SetConcurrency', maxParallelNodes: 4 });
  await trial.grant({ type: 'RemoveNode', nodeId: 'gone' });
  await trial.grant({ type: 'SetPriority', nodeId: 'held', priority: 5 });
  await trial.pass(30);
  await trial.grant({ type: 'PauseRun', reason: 'a look around' });
  await trial.pass(500);
  await trial.refuse({ type: 'RetryNode', nodeId: 'load' });
  await trial.grant({ type: 'ResumeRun' });
  await trial.grant({ type: 'CancelBranch', branchId: 'cut' });
  await trial.pass(1_000);
  await trial.grant({ type: 'ResumeBranch', branchId: 'side' });
  await trial.grant({ type: 'SkipNode', nodeId: 'passed' });
  isMended = true;
  await trial.grant({ type: 'RetryNode', nodeId: 'broken' });
  await trial.pass(300);
  await trial.grant({ type: 'ProvideInput', nodeId: 'ask', value: { ship: true } });
  await trial.end();
  return trial.events.map((event) => ({ ...event, at: event.at + LATER }));
};
