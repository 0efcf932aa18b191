import fc from 'fast-check';
import {
  ActionRegistry,
  DagExecutor,
  action,
  initialSnapshot,
  memoryStore,
  reduce,
  type EventStore,
  type Hook,
  type NodeContext,
} from '../../lib/index.js';
import type { ExecutionEvent } from '../../lib/model/ExecutionEvent.js';
import type { NodeSpec } from '../../lib/model/NodeSpec.js';
import { checkLog } from '../../lib/testing/index.js';

// Actions, hooks and a store that answer by Promise, settled in every order that fast-check thinks of, on the real clock.
// Prints what was wrong, shrunk, with fast-check's seed and path.
const [seed = 1, numRuns = 1_000] = process.argv.slice(2).map(Number);

interface Scene {
  readonly nodes: readonly {
    readonly deps: readonly number[];
    readonly fails: boolean;
    readonly tries: number;
    readonly anyOf: boolean;
  }[];
  readonly limit: number;
  readonly hook: 'none' | 'complete' | 'gate' | 'adds';
  readonly store: boolean;
}

const scene: fc.Arbitrary<Scene> = fc.record({
  nodes: fc.array(
    fc.record({
      deps: fc.array(fc.nat({ max: 4 }), { maxLength: 2 }),
      fails: fc.boolean().map((x) => x),
      tries: fc.integer({ min: 1, max: 2 }),
      anyOf: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  limit: fc.integer({ min: 1, max: 3 }),
  hook: fc.constantFrom('none', 'complete', 'gate', 'adds'),
  store: fc.boolean(),
});

const playScene = async (s: fc.Scheduler, { nodes, limit, hook, store }: Scene): Promise<void> => {
  const specs = nodes.map(({ deps, tries, anyOf }, i): NodeSpec => ({
    id: `n${i}`,
    action: 'work',
    deps: [...new Set(deps)].filter((dep) => dep < i).map((dep) => `n${dep}`),
    tryCount: tries,
    retry: { type: 'Immediate' },
    ...(anyOf ? { runIf: 'anySucceeded' } : {}),
  }));
  const fails = new Map<string, boolean>(nodes.map((node, i) => [`n${i}`, node.fails]));
  let running = 0;
  const ran = new Map<string, number>();
  const answered = new Set<string>();
  const broken: string[] = [];
  const work = action('work', async ({ nodeId, attempt }: NodeContext): Promise<string> => {
    running++;
    if (running > limit) broken.push(`I4: ${running} actions run at once, ${limit} may`);
    if (attempt !== (ran.get(nodeId) ?? 0) + 1)
      broken.push(`I5: attempt ${attempt} of ${nodeId} comes after ${ran.get(nodeId) ?? 0}`);
    ran.set(nodeId, attempt);
    if (hook === 'complete')
      for (const dep of specs.find(({ id }) => id === nodeId)?.deps ?? [])
        if (ran.has(dep) && !answered.has(dep))
          broken.push(`G3: ${nodeId} starts before the hook has answered for ${dep}`);
    await s.schedule(Promise.resolve(), `${nodeId}#${attempt}`);
    running--;
    if (fails.get(nodeId) === true) throw new Error(`${nodeId} fails`);
    return nodeId;
  });
  const late = async (_: unknown, { nodeId }: { readonly nodeId: string }): Promise<void> => {
    await s.schedule(Promise.resolve(), `hook ${nodeId}`);
    answered.add(nodeId);
  };
  const hooks: Record<Scene['hook'], readonly Hook[]> = {
    none: [],
    complete: [{ name: 'late', onNodeComplete: late, onNodeFailed: late }],
    gate: [
      {
        name: 'gate',
        beforeNodeStart: async (_, { id }) => (
          await s.schedule(Promise.resolve(), `gate ${id}`),
          id === 'n1' ? { skip: 'not this one' } : undefined
        ),
      },
    ],
    adds: [
      {
        name: 'adds',
        onNodeComplete: async (_, { nodeId }) => (
          await s.schedule(Promise.resolve(), `add ${nodeId}`),
          /^n\d$/.test(nodeId)
            ? { type: 'AddNode', spec: { id: `${nodeId}+`, action: 'work', deps: [nodeId] } }
            : undefined
        ),
      },
    ],
  };
  const executor = new DagExecutor({
    registry: new ActionRegistry().register(work),
    ...(store ? { store: slow(s) } : {}),
  });
  const run = executor.start(
    { name: 'main', nodes: specs },
    { config: { maxParallelNodes: limit }, hooks: hooks[hook] },
  );
  const events: ExecutionEvent[] = [];
  const others: ExecutionEvent[] = [];
  run.event$.subscribe((event) => events.push(event));
  run.event$.subscribe((event) => others.push(event));
  const report = await s.waitFor(run.report);
  const messages = [...broken, ...checkLog(events).map(({ message }) => message)];
  if (others.some((event, i) => event !== events[i]) || others.length !== events.length)
    messages.push('I12: two subscribers saw different events');
  if (JSON.stringify(run.snapshot.toJSON()) !== JSON.stringify(events.reduce(reduce, initialSnapshot()).toJSON()))
    messages.push('I10: the fold of the log differs from the live state');
  if (running > 0) messages.push(`${running} actions run on after the end`);
  for (const { nodeId, attempts } of report.nodeOutcomes)
    if ((ran.get(nodeId) ?? 0) !== attempts)
      messages.push(`I5: the report counts ${attempts} attempts of ${nodeId}, ${ran.get(nodeId) ?? 0} were made`);
  if (messages.length > 0) throw new Error(messages.slice(0, 5).join('\n'));
};

/** A store whose appends are done when their turn comes. */
const slow = (s: fc.Scheduler): EventStore => {
  const store = memoryStore();
  return {
    ...store,
    append:
      (...args) =>
      async () => {
        await s.schedule(Promise.resolve(), 'append');
        return store.append(...args)();
      },
  };
};

const result = await fc.check(fc.asyncProperty(fc.scheduler(), scene, playScene), { seed, numRuns });
console.log(
  JSON.stringify(
    result.failed
      ? {
          failed: `seed ${result.seed}, path "${result.counterexamplePath}": ${fc.stringify(result.counterexample)}\n${String((result.errorInstance as Error | null)?.message)}`,
        }
      : { runs: result.numRuns },
  ),
);
