import { pause, quiet } from './macrotask.js';
import { random, type Random } from './random.js';

export interface InterleavingOptions {
  /** The first seed; the body runs with `seed`, `seed + 1`, … @default 1 */
  readonly seed?: number;
  /** How many seeds to try; 1 repeats one. @default 100 */
  readonly runs?: number;
  /** How long to wait, in real milliseconds, for a body that waits for nothing of ours. @default 2,000 */
  readonly patienceMs?: number;
}

/** What the body of one interleaving gets. */
export interface Interleaving {
  readonly seed: number;
  /** Numbers from the seed, for whatever else the body draws. */
  readonly random: Random;
  /**
   * An action whose Promise is resolved when its turn comes; with a function as output, what that gives (or throws) then.
   * Register it like any other.
   */
  action<O>(
    name: string,
    output: O | ((ctx: any) => O),
  ): {
    readonly name: string;
    readonly version: string;
    readonly execute: (ctx: any) => Promise<O>;
  };
  /** A Promise that is resolved when its turn comes: for hooks, stores and gates. */
  later<O>(value: O | (() => O)): Promise<O>;
}

/**
 * Runs a body once per seed and settles the promises made by `s.action` and `s.later` one by one, in an order drawn from
 * the seed, each time waiting until all that it set off has come to rest. An error thrown by the body is thrown again
 * with `seed 123: ` before its message (the original is its `cause`); `{ seed: 123, runs: 1 }` repeats that order.
 *
 * @example
 * await interleavings({ runs: 200 }, async (s) => {
 *   const registry = new ActionRegistry().register(s.action('a', 1), s.action('b', (ctx) => ctx.inputs.x));
 *   const report = await new DagExecutor({ registry }).start(graph).report;
 *   assert.ok(report.success);
 * });
 */
export const interleavings = async (
  options: InterleavingOptions,
  body: (s: Interleaving) => PromiseLike<void> | void,
): Promise<void> => {
  const { seed = 1, runs = 100, patienceMs = 2_000 } = options;
  for (let i = 0; i < runs; i++)
    try {
      await one(seed + i, patienceMs, body);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`seed ${seed + i}: ${message}`, { cause: error });
    }
};

interface Turn {
  readonly what: string;
  readonly settle: () => void;
}

const one = async (
  seed: number,
  patienceMs: number,
  body: (s: Interleaving) => PromiseLike<void> | void,
): Promise<void> => {
  const draw = random(seed);
  const order = random(~seed);
  const open: Turn[] = [];
  let made = 0;
  const turnOf = <O>(what: string, value: () => O): Promise<O> =>
    new Promise((resolve, reject) => {
      made++;
      open.push({
        what,
        settle: () => {
          try {
            resolve(value());
          } catch (error) {
            // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- whatever the action threw
            reject(error);
          }
        },
      });
    });
  const valueOf = <O>(value: O | ((...args: any[]) => O), ...args: unknown[]): O =>
    typeof value === 'function' ? (value as (...args: unknown[]) => O)(...args) : value;

  const state = { over: false };
  const end = async (): Promise<void> => {
    try {
      await body({
        seed,
        random: draw,
        action: (name, output) => ({
          name,
          version: '1',
          execute: (ctx: any) => turnOf(name, () => valueOf(output, ctx)),
        }),
        later: (value) => turnOf('later', () => valueOf(value)),
      });
    } finally {
      state.over = true;
    }
  };
  const ended = end();
  ended.catch(() => {});
  for (let waitedMs = 0; !state.over;) {
    await quiet(() => `${made} ${state.over}`, 2);
    if (state.over) break;
    if (open.length > 0) {
      waitedMs = 0;
      const [turn] = open.splice(order.int(0, open.length - 1), 1);
      turn!.settle();
    } else {
      if (waitedMs >= patienceMs)
        throw new Error(`the body has not ended after ${patienceMs} ms, and waits for none of its promises`);
      waitedMs++;
      await pause(1);
    }
  }
  await ended;
};
