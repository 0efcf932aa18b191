import type { Json } from '../../model/Json.js';

/** What tells an attempt about itself, and can be sent to a thread. */
export interface ThreadTask<I = any> {
  readonly runId: string;
  readonly dagName: string;
  readonly nodeId: string;
  /** From 1. */
  readonly attempt: number;
  /** The node's inputs, decoded by the action's input codec: a copy, or moved here (`transfer`). */
  readonly inputs: I;
  /** The item and its index (from 0), where the node stands for one item of a fan-out. */
  readonly item?: Json;
  readonly index?: number;
  /** `runId/nodeId`: the same for every attempt and delivery, also after a crash. */
  readonly idempotencyKey: string;
}

/** What the default function of a thread's module gets. It has no signal: the thread is ended on timeout and cancel. */
export interface ThreadContext<I = any> extends ThreadTask<I> {
  /** Tells an intermediate value, as a `NodeProgressed` event; refreshes the idle timeout. */
  progress(value: Json): void;
  /**
   * What the function returns is copied into the main thread; these of its parts (ArrayBuffer, MessagePort, …) are moved
   * there instead, and can't be used here afterwards. Gives `value` back.
   */
  transfer<T>(value: T, parts: readonly object[]): T;
}
