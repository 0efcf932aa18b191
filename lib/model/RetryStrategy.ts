import * as t from 'io-ts';
import { Duration, numberFrom, strict, tagged } from './strict.js';

/**
 * How long a node waits between attempts. After k failures `Exponential` waits `initialDelayMs × multiplier^(k-1)`, at
 * most `maxDelayMs`; `jitter` 0..1 (default 0) takes away up to that share of it at random. `Linear` is a constant delay
 * (Dagger's name).
 */
export type RetryStrategy =
  | { readonly type: 'Immediate' }
  | { readonly type: 'Linear'; readonly delayMs: number }
  | {
      readonly type: 'Exponential';
      readonly initialDelayMs: number;
      readonly maxDelayMs: number;
      readonly multiplier: number;
      readonly jitter?: number;
    };

type Case<K extends RetryStrategy['type']> = Extract<RetryStrategy, { type: K }>;

export const RetryStrategy: t.Type<RetryStrategy, RetryStrategy, unknown> = tagged<RetryStrategy>('RetryStrategy', {
  Immediate: strict<Case<'Immediate'>>('Immediate', { type: t.literal('Immediate') }, {}),
  Linear: strict<Case<'Linear'>>('Linear', { type: t.literal('Linear'), delayMs: Duration }, {}),
  Exponential: strict<Case<'Exponential'>>(
    'Exponential',
    {
      type: t.literal('Exponential'),
      initialDelayMs: Duration,
      maxDelayMs: Duration,
      multiplier: numberFrom(1, false, 1_000_000),
    },
    { jitter: numberFrom(0, false, 1) },
  ),
});

/** The delay after `failures` failed attempts, in whole milliseconds; `random` is a number in [0, 1). */
export const retryDelayMs = (strategy: RetryStrategy, failures: number, random: number): number => {
  switch (strategy.type) {
    case 'Immediate':
      return 0;
    case 'Linear':
      return strategy.delayMs;
    case 'Exponential': {
      const delay = Math.min(strategy.initialDelayMs * strategy.multiplier ** (failures - 1), strategy.maxDelayMs);
      return Math.round(delay * (1 - (strategy.jitter ?? 0) * random));
    }
  }
};
