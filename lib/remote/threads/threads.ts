import type * as t from 'io-ts';
import { action } from '../../define/action.js';
import { DagError } from '../../define/DagError.js';
import type { NodeAction } from '../../define/NodeAction.js';
import { show } from '../../model/explain.js';
import { checkThreadsOptions } from './checkThreadsOptions.js';
import { ThreadPool, type ThreadsOptions } from './ThreadPool.js';

/** An action whose work is done by a module in a thread. */
export interface ThreadAction<I = any, O = any> {
  /** The module, `new URL('./heavy.js', import.meta.url)`. Its default function gets a `ThreadContext`. */
  readonly thread: URL | string;
  /** @default the module's file name without its extension */
  readonly name?: string;
  /** Part of the key under which outputs are cached: change it when the action's meaning changes. @default '1' */
  readonly version?: string;
  /** Decodes the inputs, in this thread. */
  readonly input?: t.Type<I, any, any>;
  /** Encodes what the function returned, in this thread. */
  readonly output?: t.Type<O, any, any>;
  readonly description?: string;
  /** Those parts of the decoded inputs (ArrayBuffer, MessagePort, …) that are moved to the thread instead of copied. */
  readonly transfer?: (inputs: I) => readonly object[];
}

/** A pool of threads, and what makes actions that run in it. */
export interface Threads {
  /** Makes an action to register. Throws a `DagError` for what is no address of a module. */
  readonly action: <I = any, O = any>(definition: ThreadAction<I, O>) => NodeAction<I, O>;
  /** Ends every thread at once. What runs in one fails, and so does what comes later; neither is tried again. */
  readonly close: () => Promise<void>;
}

/**
 * Actions for work that would block the event loop: each runs the default function of a module in a thread of a pool.
 * Threads are started when they are needed, and do not keep the process alive. Timeout and cancellation end the thread,
 * whatever it does. A thread that dies (an uncaught error, `process.exit`, too little memory) is a failed attempt. What the
 * function gets and returns is copied, as `structuredClone` does, unless it is transferred; it may return a Promise. Await
 * all that a function begins: what it leaves behind (a timer, a socket) and fails after its answer ends the thread, and
 * with it the call that is there by then, as a failed attempt.
 *
 * While a call waits for a thread its node counts as running: let a pool of as many slots (`config.pools`) hold such nodes
 * back. Throws a `DagError` for options that are out of range.
 */
export const threads = (options: ThreadsOptions = {}): Threads => {
  checkThreadsOptions(options);
  const pool = new ThreadPool(options);
  return {
    action: ({ thread, transfer, ...definition }) => {
      const module = addressOf(thread);
      const name = definition.name ?? /([^/]*?)(?:\.\w+)?$/.exec(new URL(module).pathname)![1]!;
      return action<any, any>({
        ...definition,
        name,
        execute: ({ runId, dagName, nodeId, attempt, inputs, item, index, idempotencyKey, signal, progress }) =>
          pool.run({
            action: name,
            module,
            task: {
              runId,
              dagName,
              nodeId,
              attempt,
              inputs,
              idempotencyKey,
              ...(item !== undefined && { item }),
              ...(index !== undefined && { index }),
            },
            signal,
            parts: transfer?.(inputs) ?? [],
            progress,
          }),
      });
    },
    close: () => pool.close(),
  };
};

const addressOf = (thread: URL | string): string => {
  if (URL.canParse(String(thread))) return String(thread);
  throw new DagError(
    'InvalidAction',
    `A thread's module is named by its address, new URL('./heavy.js', import.meta.url), not by ${show(thread)}.`,
  );
};
