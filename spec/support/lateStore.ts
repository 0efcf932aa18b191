import type { TaskEither } from '#fp-ts/TaskEither';
import { memoryStore, type EventStore, type StoreError } from '../../lib/index.js';

/** When a later turn comes: calls back once. */
export type Turn = (go: () => void) => void;

/**
 * A store that does everything one turn later than it is asked: one macrotask, unless told otherwise. What a run shows
 * before the answer has come was shown too early.
 */
export const lateStore = (
  turn: Turn = (go) => void setImmediate(go),
  inner: EventStore = memoryStore(),
): EventStore => {
  const late =
    <A>(task: TaskEither<StoreError, A>): TaskEither<StoreError, A> =>
    () =>
      new Promise((resolve, reject) => {
        turn(() => void task().then(resolve, reject));
      });
  return {
    acquire: (...args) => late(inner.acquire(...args)),
    append: (...args) => late(inner.append(...args)),
    read: async function* (...args) {
      for await (const event of inner.read(...args)) {
        await new Promise<void>(turn);
        yield event;
      }
    },
    answered: (...args) => late(inner.answered(...args)),
    runs: (...args) => late(inner.runs(...args)),
    release: (...args) => late(inner.release(...args)),
    remove: (...args) => late(inner.remove(...args)),
  };
};
