import * as t from 'io-ts';
import { mergeMap } from 'rxjs';
import { DagError } from '../define/DagError.js';
import { setConcurrency } from '../model/commands.js';
import type { EventOf } from '../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { Count, Finite } from '../model/strict.js';
import { checkOption } from './checkOption.js';
import { expands } from './expands.js';
import type { HookOperator } from './Hook.js';
import { named } from './named.js';

export interface AdaptiveConcurrencyOptions {
  /** The limit never goes below this, from 1. */
  readonly min: number;
  /** Nor above this. */
  readonly max: number;
  /** Where it begins. @default min */
  readonly start?: number;
  /** How many attempts that began under one limit must have ended before it is judged, from 1. @default 20 */
  readonly window?: number;
  /** How many times slower than at best nodes may get before the limit is lowered, more than 1. @default 1.5 */
  readonly tolerance?: number;
  /** What a lowered limit is multiplied by, between 0 and 1. @default 0.75 */
  readonly backoff?: number;
  /** @default 'adaptiveConcurrency' */
  readonly name?: string;
}

/**
 * Looks for the number of parallel nodes that gives throughput without making each of them slow. As long as more nodes
 * wait than there are slots, and those that run stay about as fast as at best, it raises the limit: to twice as many at
 * first, by one once it has met resistance. When nodes have become `tolerance` times slower and throughput has gained
 * nothing by it, or when half of the attempts fail, the limit is multiplied by `backoff`. In between it keeps still.
 *
 * An attempt is compared with the best of its own action, so that mixed work does not mislead it; what is best is learnt
 * anew at `min`, should the work itself become harder. It judges by the times in the log alone: the same log gives the
 * same decisions. A limit that others set is where it goes on from, inside `min` and `max`. A run that goes one node at a
 * time (`enableParallelExecution: false`) is left alone. Its memory is one window and one number per action. Throws a
 * `DagError` for options that are out of range.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, action, adaptiveConcurrency } from 'rxdag';
 * import { timer } from 'rxjs';
 *
 * const executor = new DagExecutor({
 *   registry: new ActionRegistry().register(action('wait', () => timer(10))),
 *   config: { maxParallelNodes: 1 },
 *   hooks: [adaptiveConcurrency({ min: 2, max: 8, window: 4 })],
 * });
 * const nodes = Array.from({ length: 60 }, (_, i) => ({ id: `n${i}`, action: 'wait' }));
 * const run = executor.start({ name: 'demo', nodes });
 * await run.report;
 * run.snapshot.maxParallelNodes > 2; // => true
 * ```
 */
export const adaptiveConcurrency = (options: AdaptiveConcurrencyOptions): HookOperator => {
  const { min, max, start = min, window = 20, tolerance = 1.5, backoff = 0.75, name = 'adaptiveConcurrency' } = options;
  for (const [option, value] of Object.entries({ min, max, start, window }))
    checkOption('adaptiveConcurrency', option, Count, value);
  for (const [option, value] of Object.entries({ tolerance, backoff }))
    checkOption('adaptiveConcurrency', option, Finite, value);
  checkOption('adaptiveConcurrency', 'name', t.string, name);
  const refuse = (what: string): never => {
    throw new DagError('InvalidOptions', `adaptiveConcurrency: ${what}.`);
  };
  if (min > max) refuse(`"min" is ${min}, above "max", which is ${max}`);
  if (start < min || start > max) refuse(`"start" must lie between "min" and "max", not be ${start}`);
  if (tolerance <= 1) refuse(`"tolerance" must be above 1, not ${tolerance}`);
  if (!(backoff > 0 && backoff < 1)) refuse(`"backoff" must lie between 0 and 1, not be ${backoff}`);
  const within = (limit: number): number => Math.min(max, Math.max(min, limit));

  return named(name, (event$, ctx) => {
    const best = new Map<string, number>();
    let isOn = false;
    let limit = 0;
    let since = 0; // when the present limit was set
    let began = 0; // when the present window began
    let throughput = 0; // of the window before, per millisecond
    let hasResisted = false;
    let ended: Ended[] = [];

    const restart = (at: number): void => {
      ended = [];
      began = at;
    };
    const adopt = (value: number, at: number): void => {
      limit = value;
      since = at;
      restart(at);
    };
    /** Asks for another limit; it is adopted once it is set. What a resumed run shows of its past was decided then. */
    const move = (wanted: number): readonly ExecutorCommand[] =>
      isOn && !ctx.replaying && wanted !== limit ? [setConcurrency(wanted)] : [];
    /** Once a window is full: what the limit should be. */
    const judge = (at: number): readonly ExecutorCommand[] => {
      const fresh = ended.filter(({ isFresh }) => isFresh);
      if (fresh.length < window) return [];
      const ms = at - began;
      const count = ended.length;
      const failed = ended.filter((one) => one.ms === undefined).length;
      restart(at);
      if (ms <= 0) return [];
      const snapshot = ctx.snapshot();
      const slowness = slownessOf(fresh, snapshot, best, limit <= min);
      const before = throughput;
      throughput = count / ms;
      if (failed * 2 >= count || (slowness >= tolerance && throughput <= before * 1.05)) {
        hasResisted = true;
        return move(within(Math.min(limit - 1, Math.floor(limit * backoff))));
      }
      const isFast = slowness < (1 + tolerance) / 2 && throughput >= before * 0.9;
      hasResisted ||= !isFast;
      return isFast && isWaitedFor(snapshot) ? move(within(hasResisted ? limit + 1 : limit * 2)) : [];
    };

    return event$.pipe(
      mergeMap((event) => {
        switch (event.type) {
          case 'RunStarted':
            isOn = event.config.enableParallelExecution;
            adopt(event.config.maxParallelNodes, event.at);
            return move(start);
          case 'ConcurrencySet':
            adopt(event.maxParallelNodes, event.at);
            return move(within(limit));
          case 'RunResumed':
            restart(event.at);
            return [];
          case 'NodeSucceeded':
          case 'NodeFailed':
          case 'NodeRetryScheduled': {
            const one = isOn ? endedOf(event, since) : undefined;
            if (one === undefined) return [];
            ended.push(one);
            return ended.length < window ? [] : judge(event.at);
          }
          default:
            return [];
        }
      }),
    );
  });
};

/** More nodes are ready than there are free slots. */
const isWaitedFor = ({ counts, maxParallelNodes }: ExecutorSnapshot): boolean =>
  counts.ready > maxParallelNodes - counts.running - counts.starting;

/** An attempt that has ended, with its duration where it succeeded; fresh: it began under the present limit. */
interface Ended {
  readonly nodeId: string;
  readonly ms: number | undefined;
  readonly isFresh: boolean;
}

const endedOf = (
  event: EventOf<'NodeSucceeded' | 'NodeFailed' | 'NodeRetryScheduled'>,
  since: number,
): Ended | undefined => {
  const { nodeId } = event;
  if (event.type !== 'NodeSucceeded') return event.attempt === 0 ? undefined : { nodeId, ms: undefined, isFresh: true };
  if (event.cached) return undefined;
  return { nodeId, ms: event.durationMs, isFresh: event.at - event.durationMs >= since };
};

/**
 * How many times slower the attempts of a window were than the best of their actions; keeps what is learnt of these.
 *
 * @param isLeast - As few nodes ran as ever will: there is nothing faster to compare with.
 */
const slownessOf = (
  ended: readonly Ended[],
  snapshot: ExecutorSnapshot,
  best: Map<string, number>,
  isLeast: boolean,
): number => {
  const sums = new Map<string, { count: number; ms: number }>();
  for (const { nodeId, ms } of ended) {
    const node = snapshot.node(nodeId);
    if (node === undefined || ms === undefined || expands(node.spec) || node.action === 'human.input') continue;
    const sum = sums.get(node.action) ?? { count: 0, ms: 0 };
    sums.set(node.action, { count: sum.count + 1, ms: sum.ms + ms });
  }
  let total = 0;
  let expected = 0;
  for (const [action, { count, ms }] of sums) {
    const mean = ms / count;
    const known = Math.min(mean, best.get(action) ?? mean);
    total += ms;
    expected += count * known;
    best.set(action, isLeast ? mean : known);
  }
  return expected > 0 ? total / expected : 1;
};
