import { threadId } from 'node:worker_threads';
import type { ThreadContext } from '../../../lib/remote/threads/index.js';

type Deed = (ctx: ThreadContext) => unknown;

class OddError extends Error {
  override readonly name = 'OddError';
  readonly data = { odd: true };
}

const oops = (): never => {
  throw new Error('oops');
};

/** What a thread can be asked to do, for better or worse. */
const deeds: Readonly<Record<string, Deed>> = {
  add: ({ inputs }) => inputs.a + inputs.b,
  whoAmI: ({ progress: _, transfer: __, ...task }) => task,
  thread: async () => threadId,
  throw: () => {
    throw new OddError('this is odd', { cause: new RangeError('out of it') });
  },
  throwText: () => {
    // eslint-disable-next-line no-throw-literal
    throw 'a text';
  },
  loop: ({ progress }) => {
    progress('begun');
    for (;;);
  },
  wait: ({ inputs }) => new Promise((resolve) => setTimeout(resolve, inputs.ms, threadId)),
  forEver: ({ progress }) => {
    progress('begun');
    return new Promise(() => setInterval(() => undefined, 1_000));
  },
  steps: ({ inputs, progress }) => {
    for (let step = 1; step <= inputs.steps; step++) progress({ step });
    return 'done';
  },
  oddProgress: ({ progress }) => {
    progress(Number.NaN);
    for (;;);
  },
  exit: ({ attempt }) => (attempt < 3 ? process.exit(7) : `alive at attempt ${attempt}`),
  throwLater: () => new Promise(() => setTimeout(() => oops(), 5)),
  throwAfterwards: () => void setTimeout(() => oops(), 50),
  rejectLater: () => new Promise(() => void Promise.reject(new TypeError('nobody waits for this'))),
  eat: ({ attempt }) => {
    if (attempt > 1) return 'enough';
    const eaten: unknown[] = [];
    for (;;) eaten.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));
  },
  double: ({ inputs, transfer }) => {
    const bytes: Uint8Array = inputs.bytes.map((byte: number) => byte * 2);
    return transfer(bytes, [bytes.buffer]);
  },
  transferTwice: ({ transfer }) => {
    const buffer = new ArrayBuffer(8);
    return transfer(buffer, [buffer, buffer]);
  },
  function: () => () => 1,
  nothing: () => undefined,
};

export default (ctx: ThreadContext): unknown => deeds[ctx.inputs.does]!(ctx);
