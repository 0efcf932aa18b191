import { delay, firstValueFrom, map, of, throwError, timer, type Observable } from 'rxjs';
import {
  ActionRegistry,
  DagExecutor,
  action,
  addNode,
  emitEvent,
  ofType,
  pauseBranch,
  resumeBranch,
  retryNode,
  setConcurrency,
  setPriority,
  skipNode,
  updateMetrics,
  type EventStore,
  type HookOperator,
  type SupervisorHookV2,
} from '../../../lib/index.js';
import { random, type VirtualTime } from '../../../lib/testing/index.js';

/** How long an ordinary action takes. */
export const STEP_MS = 10;

/** Actions and hooks of the kept runs. Interrupted ones go on with them: what is here may grow, and must not change its meaning. */
const registry = (time: VirtualTime): ActionRegistry => {
  const later = <T>(value: T, ms = STEP_MS): Observable<T> => of(value).pipe(delay(ms, time));
  return new ActionRegistry().register(
    action('work', ({ nodeId, inputs }) => later({ of: nodeId, inputs, text: 'é\ud800\u2028\0' })),
    action('list', () => later([1, 'two', { three: 3 }])),
    action('item', ({ item, index }) => later({ item, index })),
    action('flaky', ({ attempt, nodeId }) =>
      attempt < 3 ? throwError(() => new Error(`attempt ${attempt} of ${nodeId}`)) : later('at last'),
    ),
    action('bad', () => throwError(() => new TypeError('never works'))),
    action('report', ({ progress }) => {
      for (let i = 0; i < 400; i++) progress({ part: i });
      return later('reported');
    }),
    action('large', ({ inputs }) => ({ text: 'large '.repeat(11_000), inputs })),
    action('deaf', () => firstValueFrom(timer(60_000, time))),
  );
};

/** Steers by what nodes are called. */
const steering: SupervisorHookV2 = {
  name: 'steering',
  onStart: () => updateMetrics({ started: 1 }),
  beforeNodeStart: (_ctx, { id }) => {
    if (id.startsWith('rewritten')) return { inputs: { by: 'a gate' } };
    return id.startsWith('barred') ? { skip: 'not today', output: 'nothing' } : undefined;
  },
  onNodeComplete: (_ctx, { nodeId }) => {
    switch (nodeId) {
      case 'check':
        return [pauseBranch('publish', 'looks wrong'), addNode({ id: 'inspect', action: 'work', deps: ['check'] })];
      case 'inspect':
        return Promise.resolve([resumeBranch('publish'), emitEvent('inspected', { nodeId, rows: [1, 2] })]);
      case 'slow hook':
        return new Promise(() => undefined); // so that a process may end before it has answered
      case 'tune':
        return [setConcurrency(2), setPriority('last', 5), skipNode('needless', 'nobody asks'), retryNode('tune')];
      default:
        return undefined;
    }
  },
  onNodeFailed: (_ctx, { nodeId, attempt }) => {
    if (nodeId === 'angers') throw new Error('a hook that fails');
    return nodeId === 'second wind' && attempt === 1
      ? [retryNode(nodeId), addNode({ id: 'wind', action: 'work' })]
      : undefined;
  },
};

/** An operator with a state of its own: every third ordinary node brings another one. */
const thirds: HookOperator = (event$) =>
  event$.pipe(
    ofType('NodeSucceeded'),
    map(({ nodeId }) => nodeId),
    (nodeId$) => {
      let count = 0;
      return nodeId$.pipe(
        map((nodeId) =>
          /^n\d+$/.test(nodeId) && ++count % 3 === 0
            ? addNode({ id: `third${count}`, action: 'work', deps: [nodeId] })
            : updateMetrics({ seen: count }),
        ),
      );
    },
  );

/** An executor on a virtual clock, with all that the kept runs need. */
export const executorOn = (store: EventStore, time: VirtualTime): DagExecutor => {
  const executor = new DagExecutor({
    registry: registry(time),
    store,
    scheduler: time,
    random: random(1),
    hooks: [steering, Object.assign(thirds, { hookName: 'thirds' })],
    config: { maxParallelNodes: 3, maxAttempts: 5 },
  });
  executor.load({
    name: 'inner',
    nodes: [
      { id: 'begin', action: 'work', inputs: { given: { $ref: 'inputs.given' } } },
      { id: 'end', action: 'work', inputs: { was: { $ref: 'begin.of' } } },
    ],
  });
  return executor;
};
