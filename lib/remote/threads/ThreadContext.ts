import type { NodeContext } from '../../define/NodeAction.js';
import type { Json } from '../../model/Json.js';

/** What tells an attempt about itself, and can be sent to a thread; `inputs` are a copy, or moved here (`transfer`). */
export type ThreadTask<I = any> = Pick<
  NodeContext<I>,
  'runId' | 'dagName' | 'nodeId' | 'attempt' | 'inputs' | 'item' | 'index' | 'idempotencyKey'
>;

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
