import { isObservable, type Observable } from 'rxjs';
import { Listener } from '../hooks/Listener.js';

/** Who hears what an action gives: intermediate values, then one end. */
export interface ResultSink {
  advance(value: unknown): void;
  succeed(value: unknown): void;
  fail(error: unknown): void;
}

/** Stops reading. What can be stopped calls `stopped` once it has; what can't will end by itself. */
export type StopReading = (stopped: () => void) => void;

const cannotStop: StopReading = () => undefined;

/**
 * Reads whatever an action returned: a value, a Promise, an Observable, an async iterable, or a `TaskEither`, which is
 * called. Of a stream the last value is the end. Arrays, strings and other functions are values.
 */
export const readResult = (result: unknown, sink: ResultSink): StopReading => {
  try {
    if (typeof result === 'function') return readTask(result as () => unknown, sink);
    if (typeof result === 'object' && result !== null) {
      if (result instanceof Promise || isThenable(result)) return readPromise(result, sink);
      if (isObservable(result)) return readObservable(result, sink);
      if (Symbol.asyncIterator in result) return readIterable(result as AsyncIterable<unknown>, sink);
    }
  } catch (error) {
    sink.fail(error);
    return cannotStop;
  }
  sink.succeed(result);
  return cannotStop;
};

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

const readPromise = (promise: PromiseLike<unknown>, sink: ResultSink): StopReading => {
  promise.then(
    (value) => sink.succeed(value),
    (error: unknown) => sink.fail(error),
  );
  return cannotStop;
};

const readTask = (task: () => unknown, sink: ResultSink): StopReading => {
  const promise = task();
  if (!isThenable(promise))
    throw new TypeError('The action returned a function that is no TaskEither: it gave no Promise.');
  promise.then(
    (either) => {
      const { _tag, left, right } = (either ?? {}) as { _tag?: unknown; left?: unknown; right?: unknown };
      if (_tag === 'Right') sink.succeed(right);
      else
        sink.fail(
          _tag === 'Left'
            ? left
            : new TypeError('The action returned a function that is no TaskEither: its Promise gave no Either.'),
        );
    },
    (error: unknown) => sink.fail(error),
  );
  return cannotStop;
};

const readObservable = (source: Observable<unknown>, sink: ResultSink): StopReading => {
  let last: unknown = null;
  const listener = new Listener<unknown>({
    next: (value) => sink.advance((last = value)),
    error: (error: unknown) => sink.fail(error),
    complete: () => sink.succeed(last),
  });
  listener.listenTo(source);
  return (stopped) => {
    listener.unsubscribe();
    stopped();
  };
};

const readIterable = (source: AsyncIterable<unknown>, sink: ResultSink): StopReading => {
  const iterator = source[Symbol.asyncIterator]();
  let isStopped = false;
  const read = (last: unknown): void => {
    if (isStopped) return;
    iterator.next().then(
      (result) => {
        try {
          if (result.done === true) return sink.succeed(last);
          sink.advance(result.value);
          read(result.value);
        } catch (error) {
          sink.fail(error);
        }
      },
      (error: unknown) => sink.fail(error),
    );
  };
  read(null);
  return (stopped) => {
    isStopped = true;
    try {
      const closing: unknown = iterator.return?.();
      if (isThenable(closing)) closing.then(stopped, stopped);
    } catch {
      stopped();
    }
  };
};
