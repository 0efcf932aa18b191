import * as E from '#fp-ts/Either';
import type { TaskEither } from '#fp-ts/TaskEither';
import type { StoreError } from '../run/EventStore.js';
import { Fault } from './Fault.js';

/** Work of which a `Fault` is an answer; any other error stays one. */
export const taskOf =
  <A>(work: () => Promise<A>): TaskEither<StoreError, A> =>
  () =>
    work().then(
      (value) => E.right(value),
      (error: unknown) => {
        if (error instanceof Fault) return E.left({ type: error.type, message: error.message });
        throw error;
      },
    );
