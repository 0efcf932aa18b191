import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  action,
  initialSnapshot,
  reduce,
  type DagExecutionReport,
  type DagRun,
  type Execute,
  type ExecutionEvent,
  type ExecutorOptions,
  type NodeAction,
  type NodeSpec,
  type RunOptions,
} from '../../lib/index.js';
import { failureOf } from '../../lib/model/Failure.js';
import { checkLog } from '../../lib/testing/index.js';
import { specs, type Nodes } from '../support/executor.js';

export { specs };

/** A run on the real clock, with what it has published so far. */
export interface Played {
  readonly run: DagRun;
  readonly executor: DagExecutor;
  readonly events: readonly ExecutionEvent[];
  /** The report, within ten seconds; by then the log was found sound. */
  readonly end: () => Promise<DagExecutionReport>;
}

export interface Scene extends RunOptions {
  /** Actions by name; the default one, `work`, gives the node's id. */
  readonly actions?: Readonly<Record<string, Execute<any, any>>>;
  readonly made?: readonly NodeAction[];
  readonly executor?: Partial<ExecutorOptions>;
  readonly name?: string;
  /** How long the run may take. @default 10000 */
  readonly limitMs?: number;
}

export const registryOf = ({ actions = {}, made = [] }: Scene): ActionRegistry =>
  new ActionRegistry().register(
    ...Object.entries<Execute<any, any>>({ work: ({ nodeId }) => nodeId, ...actions }).map(([name, execute]) =>
      action(name, execute),
    ),
    ...made,
  );

/** Starts a graph, given as text (`c: a b`) or as specs, and listens to all of it. */
export const play = (nodes: Nodes, scene: Scene = {}): Played => {
  const { actions: _, made: __, executor: given, name = 'test', limitMs = 10_000, ...options } = scene;
  const executor = new DagExecutor({ registry: registryOf(scene), ...given });
  const run = executor.start({ name, nodes: specs(nodes) }, options);
  const events: ExecutionEvent[] = [];
  run.event$.subscribe((event) => events.push(event));
  const end = async (): Promise<DagExecutionReport> => {
    const report = await within(limitMs, run.report, () => `the run: ${summary(run)}`);
    sound(run, events);
    return report;
  };
  return { run, executor, events, end };
};

/** Plays a graph to its end. */
export const playOut = async (
  nodes: Nodes,
  scene: Scene = {},
): Promise<Played & { readonly report: DagExecutionReport }> => {
  const played = play(nodes, scene);
  return { ...played, report: await played.end() };
};

/** What holds for every log: no gap, no rule broken, and its fold is the live state. */
export const sound = (run: DagRun, events: readonly ExecutionEvent[]): void => {
  events.forEach(({ seq }, i) => seq === i + 1 || assert.unreachable(`event ${i + 1} has seq ${seq}`));
  assert.equal(
    checkLog(events).map(({ message }) => message),
    [],
  );
  if (events.length <= 20_000)
    assert.is(
      JSON.stringify(events.reduce(reduce, initialSnapshot())),
      JSON.stringify(run.snapshot),
      'the fold differs',
    );
};

const summary = (run: DagRun): string =>
  `${run.snapshot.status} at ${run.snapshot.seq}, ${JSON.stringify(run.snapshot.counts)}`;

/** The value of a Promise, or an error if it does not come in time. */
export const within = async <T>(ms: number, promise: PromiseLike<T>, what: () => string = () => 'it'): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what()}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** Lets the event loop turn a few times. */
export const turns = async (n = 3): Promise<void> => {
  for (let i = 0; i < n; i++)
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
};

/** Each node's end, as `a succeeded, b skipped`. */
export const ends = ({ nodeOutcomes }: DagExecutionReport): string =>
  nodeOutcomes.map(({ nodeId, status }) => `${nodeId} ${status}`).join(', ');

export const ofType = <K extends ExecutionEvent['type']>(events: readonly ExecutionEvent[], type: K) =>
  events.filter((event): event is Extract<ExecutionEvent, { type: K }> => event.type === type);

/** What would have killed the process while `body` ran: errors that nobody caught, rejections that nobody handled. */
export const strays = async (body: () => Promise<void>): Promise<readonly unknown[]> => {
  const found: unknown[] = [];
  const kinds = ['uncaughtException', 'unhandledRejection'] as const;
  const listeners = kinds.map((kind) => process.listeners(kind as 'uncaughtException'));
  const gather = (error: unknown): void => void found.push(error);
  for (const kind of kinds) {
    process.removeAllListeners(kind);
    process.on(kind, gather);
  }
  try {
    await body();
    await sleep(5);
    await turns();
  } finally {
    kinds.forEach((kind, i) => {
      process.removeAllListeners(kind);
      for (const listener of listeners[i]!) process.on(kind as 'uncaughtException', listener);
    });
  }
  return found;
};

/** Runs `body`, in which nothing may go astray. */
export const tidy = async (body: () => Promise<void>): Promise<void> => {
  let thrown: unknown;
  const found = await strays(() => body().catch((error: unknown) => void (thrown = error)));
  assert.equal(
    found.map((error) => failureOf(error).message),
    [],
    'something went astray',
  );
  if (thrown !== undefined) throw thrown;
};

/** An object that throws whatever is done to it. */
export const bomb = (what = 'bomb'): any => {
  const burst = (): never => {
    throw new Error(what);
  };
  const traps = { get: burst, has: burst, ownKeys: burst, getPrototypeOf: burst, getOwnPropertyDescriptor: burst };
  return new Proxy({}, traps);
};

/** CPU time in milliseconds that `body` takes. */
export const cpuMs = async (body: () => unknown): Promise<number> => {
  const before = process.cpuUsage();
  await body();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

/** `layers` layers of `width` nodes, each of which waits for the whole layer before. */
export const layered = (layers: number, width: number, more: Partial<NodeSpec> = {}): readonly NodeSpec[] =>
  Array.from({ length: layers * width }, (_, i) => {
    const layer = Math.floor(i / width);
    const deps = layer === 0 ? [] : Array.from({ length: width }, (__, k) => `n${(layer - 1) * width + k}`);
    return { id: `n${i}`, action: 'work', deps, ...more };
  });

/** One node, then `width` of them, then one. */
export const fan = (width: number, more: Partial<NodeSpec> = {}): readonly NodeSpec[] => {
  const middle = Array.from({ length: width }, (_, i) => ({ id: `m${i}`, action: 'work', deps: ['first'], ...more }));
  return [
    { id: 'first', action: 'work', ...more },
    ...middle,
    { id: 'last', action: 'work', deps: middle.map(({ id }) => id), ...more },
  ];
};

/** Nodes in a row. */
export const chain = (length: number, more: Partial<NodeSpec> = {}): readonly NodeSpec[] =>
  Array.from({ length }, (_, i) => ({ id: `n${i}`, action: 'work', deps: i === 0 ? [] : [`n${i - 1}`], ...more }));
