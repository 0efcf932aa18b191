import { addDependency, addNodes, provideInput, skipNode } from '../model/commands.js';
import type { EventOf } from '../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import type { ExecutorSnapshot, NodeState } from '../model/ExecutorSnapshot.js';
import { setOwn, type Json } from '../model/Json.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { checkId } from '../plan/checkId.js';
import type { Gate, SupervisorHookV2 } from './Hook.js';

export interface ApprovalOptions {
  /** Which nodes need an approval. It is asked once per node, before it could start. */
  readonly when: (node: NodeSpec) => boolean;
  /** What the person is asked; stands in the inputs of the question as `question`. @default 'May node "<id>" run?' */
  readonly ask?: (node: NodeSpec) => string;
  /** Which answers approve. @default true, 'yes', 'y', 'ok', 'approve', 'approved', 'true', or an object whose `approved` is true */
  readonly isApproved?: (answer: Json) => boolean;
  /** What becomes of a node that is not approved: skipped on purpose, or failed. @default 'skip' */
  readonly otherwise?: 'skip' | 'fail';
  /** @default 'approval' */
  readonly name?: string;
}

/**
 * Lets a person decide whether certain nodes run. For each of them a node `approve-<id>` of the action `human.input` is
 * added, which is asked for once all that the node depends on is there; the node waits for it, without a slot, for as
 * long as it takes (or `config.humanWaitMs`: an answer that does not come in time is no approval). Everything else goes
 * on meanwhile.
 *
 * The answer comes by `ProvideInput` for `approve-<id>`, or as an event named `approve:<id>` or `reject:<id>` by
 * `EmitEvent`, whose payload may tell why, and which may come early. One approval holds for every attempt and retry. It
 * fails safe: a node that no question could be added for (its id is taken or too long) fails before it starts. A fan-out is asked
 * about as a whole.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, action, approval, provideInput } from 'rxdag';
 *
 * const executor = new DagExecutor({
 *   registry: new ActionRegistry().register(action('build', () => 1), action('deploy', () => 'deployed')),
 *   hooks: [approval({ when: ({ action }) => action === 'deploy' })],
 * });
 * const nodes = [{ id: 'build', action: 'build' }, { id: 'deploy', action: 'deploy', deps: ['build'] }];
 * const run = executor.start({ name: 'demo', nodes });
 * run.event$.subscribe((event) => {
 *   if (event.type === 'NodeWaiting') void run.dispatch(provideInput(event.nodeId, 'yes'));
 * });
 * const { outputs } = await run.report;
 * outputs; // => { build: 1, deploy: 'deployed', 'approve-deploy': 'yes' }
 * ```
 */
export const approval = (options: ApprovalOptions): SupervisorHookV2 => {
  const { isApproved = saysYes, otherwise = 'skip', name = 'approval' } = options;
  return {
    name,
    onEvent: (ctx, event) => {
      switch (event.type) {
        case 'RunStarted':
          return questions(options, ctx.snapshot(), ctx.snapshot().nodes());
        case 'NodeAdded': {
          const node = ctx.snapshot().node(event.node.id!);
          return node === undefined ? undefined : questions(options, ctx.snapshot(), [node]);
        }
        case 'CustomEmitted':
          return answerTo(event, ctx.snapshot());
        default:
          return undefined;
      }
    },
    onResume: (ctx) => questions(options, ctx.snapshot(), ctx.snapshot().nodes()),
    beforeNodeStart: (ctx, node): Gate => {
      if (!needsApproval(options, ctx.snapshot(), node)) return 'proceed';
      const question = questionOf(ctx.snapshot(), node.id);
      if (question === undefined || !node.deps.includes(question.id))
        return {
          fail: `Node "${node.id}" needs an approval, but "${questionId(node.id)}" could not be added to ask for it.`,
        };
      const answer = question.output ?? null;
      if (isApproved(answer)) return 'proceed';
      const reason = `not approved${becauseOf(answer)}`;
      return otherwise === 'fail' ? { fail: reason } : { skip: reason };
    },
  };
};

const questionId = (nodeId: string): string => `approve-${nodeId}`;

/** The node that asks about another one, if it is there. */
const questionOf = (snapshot: ExecutorSnapshot, nodeId: string): NodeState | undefined => {
  const node = snapshot.node(questionId(nodeId));
  return node?.action === 'human.input' && node.spec.inputs?.['nodeId'] === nodeId ? node : undefined;
};

const needsApproval = ({ when }: ApprovalOptions, snapshot: ExecutorSnapshot, { spec }: NodeState): boolean => {
  if (spec.action === 'human.input') return false;
  const isItem = spec.parent !== undefined && snapshot.node(spec.parent)?.spec.forEach !== undefined;
  return !isItem && when(spec);
};

/** Adds the questions about these nodes that are not there yet, and lets the nodes wait for them. */
const questions = (
  options: ApprovalOptions,
  snapshot: ExecutorSnapshot,
  nodes: Iterable<NodeState>,
): readonly ExecutorCommand[] => {
  const specs: NodeSpec[] = [];
  const waits: ExecutorCommand[] = [];
  for (const node of nodes) {
    const id = questionId(node.id);
    const isOpen = node.status === 'pending' || node.status === 'ready';
    const isFree = snapshot.node(id) === undefined && checkId(id) === undefined;
    if (!isOpen || !isFree || !needsApproval(options, snapshot, node)) continue;
    specs.push(questionAbout(node, options));
    waits.push(addDependency(id, node.id));
  }
  return specs.length === 0 ? [] : [addNodes(specs), ...waits];
};

/** It is asked when, and only if, the node itself could run. */
const questionAbout = ({ id, deps, spec }: NodeState, { ask }: ApprovalOptions): NodeSpec => {
  const { runIf, when, branch, priority } = spec;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries({ runIf, when, branch, priority }))
    if (value !== undefined) setOwn(kept, key, value as Json);
  const question = ask?.(spec) ?? `May node "${id}" run?`;
  return { id: questionId(id), action: 'human.input', deps, inputs: { nodeId: id, question }, ...kept };
};

/** What an event `approve:<id>` or `reject:<id>` means to the question about that node. */
const answerTo = (
  { name, payload }: EventOf<'CustomEmitted'>,
  snapshot: ExecutorSnapshot,
): ExecutorCommand | undefined => {
  const [, verb, nodeId] = /^(approve|reject):(.+)$/su.exec(name) ?? [];
  const question = nodeId === undefined ? undefined : questionOf(snapshot, nodeId);
  if (question === undefined) return undefined;
  const approved = verb === 'approve';
  const answer: Json = payload === null ? approved : { approved, reason: payload };
  if (question.status === 'waiting') return provideInput(question.id, answer);
  return question.status === 'pending' || question.status === 'ready'
    ? skipNode(question.id, `${approved ? 'approved' : 'rejected'} before it was asked`, answer)
    : undefined;
};

const saysYes = (answer: Json): boolean => {
  if (typeof answer === 'string') return /^(?:yes|y|ok|approved?|true)$/i.test(answer.trim());
  if (typeof answer === 'object' && answer !== null && 'approved' in answer) return answer['approved'] === true;
  return answer === true;
};

const becauseOf = (answer: Json): string => {
  const reason = typeof answer === 'object' && answer !== null && 'reason' in answer ? answer['reason'] : answer;
  return typeof reason === 'string' && reason !== '' ? `: ${reason.slice(0, 200)}` : '';
};
