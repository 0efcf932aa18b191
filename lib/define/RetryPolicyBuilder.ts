import { show } from '../model/explain.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import type { RetryStrategy } from '../model/RetryStrategy.js';
import { Whole } from '../model/strict.js';
import { DagError } from './DagError.js';

/** How the delay goes on from one retry to the next. */
export type BackoffStrategy = (typeof strategies)[number];

const strategies = ['Fixed', 'Linear', 'Exponential', 'ExponentialJitter'] as const;

/** How often a node is tried again and how long it waits, in Dagger's words. Each method gives the builder back. */
export class RetryPolicyBuilder {
  #maxRetries = 3;
  #baseDelayMs = 1_000;
  #maxDelayMs = 60_000;
  #backoff: BackoffStrategy = 'Exponential';

  /** Attempts after the first one: `tryCount` is one more. @default 3 */
  maxRetries(retries: number): this {
    if (!Whole.is(retries))
      throw new DagError('InvalidOptions', `maxRetries is ${show(retries)}; write a whole number from 0.`);
    this.#maxRetries = retries;
    return this;
  }

  /** The delay before the first retry. @default 1,000 */
  baseDelay(delayMs: number): this {
    this.#baseDelayMs = delayMs;
    return this;
  }

  /** The longest delay. @default 60,000 */
  maxDelay(delayMs: number): this {
    this.#maxDelayMs = delayMs;
    return this;
  }

  /**
   * `Exponential` doubles the delay each time, `ExponentialJitter` also takes away a random part of it (`jitter: 1`);
   * `Fixed` and `Linear` are both a constant delay, as Dagger's executor has it. @default 'Exponential'
   */
  backoff(strategy: BackoffStrategy): this {
    if (!strategies.includes(strategy))
      throw new DagError(
        'InvalidOptions',
        `There is no backoff ${show(strategy)}; write one of ${strategies.join(', ')}.`,
      );
    this.#backoff = strategy;
    return this;
  }

  fixedBackoff(): this {
    return this.backoff('Fixed');
  }

  linearBackoff(): this {
    return this.backoff('Linear');
  }

  exponentialBackoff(): this {
    return this.backoff('Exponential');
  }

  exponentialBackoffWithJitter(): this {
    return this.backoff('ExponentialJitter');
  }

  /** Always throws a `DagError`: here every failure is retried, as it is by Dagger's executor. */
  retryOn(_errors: readonly string[]): never {
    throw new DagError(
      'InvalidOptions',
      'Failures of every kind are retried; leave retryOn out, or write maxRetries(0) and give the executor the hook retryFailed with its option "when".',
    );
  }

  /** The policy so far, as a node says it. */
  build(): Required<Pick<NodeSpec, 'tryCount' | 'retry'>> {
    return { tryCount: this.#maxRetries + 1, retry: this.#strategy() };
  }

  #strategy(): RetryStrategy {
    const initialDelayMs = this.#baseDelayMs;
    const maxDelayMs = this.#maxDelayMs;
    switch (this.#backoff) {
      case 'Fixed':
      case 'Linear':
        return { type: 'Linear', delayMs: Math.min(initialDelayMs, maxDelayMs) };
      case 'Exponential':
        return { type: 'Exponential', initialDelayMs, maxDelayMs, multiplier: 2 };
      case 'ExponentialJitter':
        return { type: 'Exponential', initialDelayMs, maxDelayMs, multiplier: 2, jitter: 1 };
    }
  }
}
