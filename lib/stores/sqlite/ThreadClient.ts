import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StoreError } from '../../run/EventStore.js';
import { Fault } from '../Fault.js';
import type { Durability } from './openOwn.js';
import type { Arguments, Result, Served, StoreClient } from './StoreClient.js';

/** What a thread is begun with. */
export interface ThreadData {
  readonly file: string;
  readonly durability: Durability;
  readonly serves: 'log' | 'cache';
}

export interface Call {
  readonly id: number;
  readonly method: PropertyKey;
  readonly args: readonly unknown[];
}

export type Reply = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly fault: { readonly type: StoreError['type'] | undefined; readonly message: string } }
);

interface Waiting {
  readonly resolve: (value: any) => void;
  readonly reject: (error: Error) => void;
}

/** From TypeScript sources, as in this project's own specs, a thread has to learn to read them first. */
const startThread = (workerData: ThreadData): Worker => {
  const extension = extname(import.meta.url);
  const entry = new URL(`./storeThread${extension}`, import.meta.url);
  return extension === '.js'
    ? new Worker(entry, { workerData })
    : new Worker(`import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(entry.href)})));`, {
        workerData,
        eval: true,
      });
};

/** Calls a log, or the tables of a cache, in a thread of its own: however long a disk takes, the event loop goes on. Only open calls keep the process alive. */
export class ThreadClient<S extends Served<S>> implements StoreClient<S> {
  readonly #data: ThreadData;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #calls = 0;

  constructor(data: ThreadData) {
    this.#data = data;
  }

  call<K extends keyof S>(method: K, ...args: Arguments<S, K>): Promise<Result<S, K>> {
    return new Promise((resolve, reject) => {
      const worker = (this.#worker ??= this.#start());
      const id = ++this.#calls;
      this.#waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, method, args } satisfies Call);
    });
  }

  async close(): Promise<void> {
    if (this.#worker === undefined) return;
    await this.call('close', ...([] as unknown as Arguments<S, 'close'>)).catch(() => undefined);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker.terminate();
  }

  #start(): Worker {
    const worker = startThread(this.#data);
    worker.unref();
    worker.on('message', (reply: Reply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (this.#waiting.size === 0) worker.unref();
      if ('fault' in reply) {
        const { type, message } = reply.fault;
        waiting?.reject(type === undefined ? new Error(message) : new Fault(type, message));
      } else waiting?.resolve(reply.value);
    });
    worker.on('error', (error) => this.#fail(worker, error));
    worker.on('exit', () => this.#fail(worker, new Error('its thread has ended')));
    return worker;
  }

  #fail(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined; // the next call starts another one
    const open = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of open)
      reject(new Fault('StoreUnavailable', `The store ${this.#data.file} failed: ${error.message}.`));
  }
}
