import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import type { Json } from '../../model/Json.js';
import { Hopeless } from '../../run/Hopeless.js';
import { loadPiscina } from './loadPiscina.js';
import type { ThreadCall, ThreadMessage } from './ThreadCall.js';
import { threadEnded } from './threadEnded.js';

/**
 * How much memory a thread may take, in MiB; it ends when that is not enough, and its call has failed. That holds for memory
 * that grows bit by bit: where one allocation alone is too large (an array of a hundred million items), V8 ends the whole
 * process. Nothing in the process can prevent that; what may do so belongs into a process of its own. Buffers do not count.
 */
export interface ResourceLimits {
  /** From 4. */
  readonly maxOldGenerationSizeMb?: number;
  /** From 1. */
  readonly maxYoungGenerationSizeMb?: number;
  /** From 1 to 512. */
  readonly codeRangeSizeMb?: number;
  /** From 1. @default 4 */
  readonly stackSizeMb?: number;
}

export interface ThreadsOptions {
  /** How many threads there are at most; further calls wait for one, in order. @default as many as can run at once */
  readonly maxThreads?: number;
  /** How long a thread without work is kept, milliseconds, up to 24.8 days. @default 10,000 */
  readonly idleTimeoutMs?: number;
  readonly resourceLimits?: ResourceLimits;
}

/** A call as its action makes it; the port is the pool's affair. */
export interface Asked extends Omit<ThreadCall, 'port'> {
  readonly signal: AbortSignal;
  /** What of the task is moved instead of copied. */
  readonly parts: readonly object[];
  readonly progress: (value: Json) => void;
}

/**
 * Calls that have a thread, or wait for one. piscina starts threads and ends them; who is next is decided here, because
 * it forgets the calls that wait when a thread is ended.
 */
export class ThreadPool {
  readonly #options: ThreadsOptions;
  readonly #waiting = new Set<() => void>();
  /** What ends a call that is with piscina, by ending its thread. */
  readonly #open = new Map<(why: unknown) => void, Pick<ThreadCall, 'action' | 'module'>>();
  readonly #Piscina = loadPiscina();
  readonly #size: number;
  #piscina: Piscina | undefined;
  #free: number;
  #isClosed = false;

  constructor(options: ThreadsOptions) {
    this.#options = options;
    this.#size = this.#free = options.maxThreads ?? availableParallelism();
  }

  /** Settles only once no thread has anything to do with the call any more: it has answered, or has ended. */
  async run(asked: Asked): Promise<unknown> {
    await this.#turn(asked.signal);
    try {
      return await this.#call(asked);
    } finally {
      this.#free++;
      const [next] = this.#waiting;
      next?.();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const refuse of this.#waiting) refuse();
    for (const end of this.#open.keys()) end(closed());
    await this.#piscina?.destroy();
  }

  /** Waits for one of the threads to be free. */
  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = (): void => {
        this.#waiting.delete(take);
        signal.removeEventListener('abort', take);
        if (signal.aborted) return reject(signal.reason as Error);
        if (this.#isClosed) return reject(closed());
        this.#free--;
        resolve();
      };
      if (this.#free > 0 || this.#isClosed || signal.aborted) return take();
      this.#waiting.add(take);
      signal.addEventListener('abort', take);
    });
  }

  async #call({ signal, parts, progress, ...call }: Asked): Promise<unknown> {
    const { port1, port2 } = new MessageChannel();
    const ending = new AbortController();
    const end = (why: unknown): void => ending.abort(why);
    const stop = (): void => end(signal.reason);
    const hasEnded = new Promise<void>((resolve) => port1.once('close', resolve));
    let answer: Exclude<ThreadMessage, { type: 'progress' }> | undefined;
    port1.on('messageerror', end);
    port1.on('message', (message: ThreadMessage) => {
      if (message.type !== 'progress') answer = message;
      else
        try {
          progress(message.value);
        } catch (error) {
          end(error);
        }
    });
    signal.addEventListener('abort', stop);
    this.#open.set(end, call);
    let crash: unknown;
    try {
      this.#piscina ??= this.#start();
      const transferList = [port2, ...parts] as MessagePort[];
      await this.#piscina.run({ ...call, port: port2 } satisfies ThreadCall, { signal: ending.signal, transferList });
    } catch (error) {
      crash = error;
    }
    port2.close(); // ours still, where no thread has taken it
    await hasEnded;
    this.#open.delete(end);
    signal.removeEventListener('abort', stop);
    if (ending.signal.aborted) throw ending.signal.reason;
    if (answer === undefined) throw threadEnded(call, crash);
    if (answer.type === 'output') return answer.value;
    const error = Object.assign(new Error(answer.failure.message), answer.failure);
    throw answer.isFinal ? new Hopeless(error.message, { cause: error }) : error;
  }

  #start(): Piscina {
    const extension = extname(import.meta.url);
    const piscina = new this.#Piscina({
      filename: fileURLToPath(new URL(`./threadEntry${extension}`, import.meta.url)),
      minThreads: 0,
      maxThreads: this.#size,
      idleTimeout: this.#options.idleTimeoutMs ?? 10_000,
      resourceLimits: this.#options.resourceLimits ?? {},
      atomics: 'disabled', // else a thread's event loop, and what its modules keep in it, stands still between two calls
      recordTiming: false,
      ...(extension === '.ts' && { execArgv: readTypeScript() }),
    });
    // A thread that ends without a call has hurt nobody, unless it has not even begun: then no thread is left that could take the calls.
    piscina.on('error', (error) => {
      if (piscina.threads.length === 0) for (const [end, call] of this.#open) end(threadEnded(call, error));
    });
    return piscina;
  }
}

const closed = (): Error => new Hopeless('The threads have been closed.');

/** From TypeScript sources, as in this project's own specs, a thread has to learn to read them first. */
const readTypeScript = (): string[] => {
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return ['--import', `data:text/javascript,import { register } from ${encodeURIComponent(tsx)}; register();`];
};
