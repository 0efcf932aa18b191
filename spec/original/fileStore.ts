import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from '#fp-ts/Either';
import type { TaskEither } from '#fp-ts/TaskEither';
import type { EventStore, ExecutionEvent, StoreError } from '../../lib/index.js';

interface Line {
  readonly events: readonly ExecutionEvent[];
  readonly answered: Readonly<Record<string, number>>;
}

/** Keeps one run in a folder, one line per append: what a killed process has written is still there. */
export const fileStore = (folder: string): EventStore => {
  const log = join(folder, 'log.jsonl');
  const owner = join(folder, 'owner.json');
  const lines = (): readonly Line[] =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .split('\n')
          .slice(0, -1) // the last one is empty, or was not written in full
          .map((line) => JSON.parse(line) as Line)
      : [];
  const events = (): readonly ExecutionEvent[] => lines().flatMap((line) => line.events);
  const held = (): { readonly epoch: number; readonly id?: string } =>
    existsSync(owner) ? JSON.parse(readFileSync(owner, 'utf8')) : { epoch: 0 };
  const task =
    <A>(work: () => E.Either<StoreError, A>): TaskEither<StoreError, A> =>
    () =>
      Promise.resolve(work());
  return {
    acquire: (_, { id }, options) =>
      task(() => {
        const { epoch, id: holder } = held();
        if (holder !== undefined && holder !== id && options?.takeOver !== true)
          return E.left({ type: 'OwnedElsewhere', message: `The run is owned by "${holder}".` });
        writeFileSync(owner, JSON.stringify({ epoch: epoch + 1, id }));
        return E.right({ epoch: epoch + 1 });
      }),
    append: (_, epoch, expected, added, answered) =>
      task(() => {
        if (held().epoch !== epoch) return E.left({ type: 'Fenced', message: 'There is a newer owner.' });
        if (events().length !== expected) return E.left({ type: 'Conflict', message: 'The log ends elsewhere.' });
        appendFileSync(log, `${JSON.stringify({ events: added, answered } satisfies Line)}\n`);
        return E.right(undefined);
      }),
    read: async function* (_, fromSeq = 1) {
      yield* events().slice(fromSeq - 1);
    },
    answered: () =>
      task(() => E.right(Object.assign({}, ...lines().map((line) => line.answered)) as Record<string, number>)),
    runs: () => task(() => E.right([])),
    release: (_, epoch) =>
      task(() => {
        if (held().epoch === epoch) writeFileSync(owner, JSON.stringify({ epoch }));
        return E.right(undefined);
      }),
    remove: () => task(() => E.right(undefined)),
  };
};
