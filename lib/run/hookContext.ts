import type { Either } from '#fp-ts/Either';
import { Observable, Subject, from, isObservable } from 'rxjs';
import { answering, type HookContext } from '../hooks/Hook.js';
import type { CommandRefusal } from '../model/DagExecutionReport.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { commandJson } from '../state/step.js';
import type { InstalledHook, OpenWork } from './InstalledHook.js';
import { Listener } from '../hooks/Listener.js';
import { macrotask } from './macrotask.js';
import type { Stage } from './Stage.js';

/** What one hook sees of its run. It stays usable after the end; its commands are then refused. */
export const hookContext = (hook: InstalledHook, stage: Stage): HookContext => {
  const dispatch = (wish: object): Promise<Either<CommandRefusal, { seq: number; added: readonly string[] }>> =>
    new Promise((done) => {
      // In a macrotask: a hook that asks for ever must not starve the process.
      const refuse = (type: string, reason: string): void =>
        macrotask(() => done({ _tag: 'Left', left: { command: commandJson(Object(wish)), reason, type } }));
      if (stage.isOver) return refuse('RunEnded', 'The run has ended.');
      if (!hook.isCut) hook.command(wish, undefined, done);
      if (hook.isCut) refuse('HookCutOff', `Hook "${hook.name}" is cut off.`);
    });
  return Object.freeze({
    runId: stage.runId,
    dagName: stage.dagName,
    cache: stage.cache,
    appData: stage.appData,
    get replaying() {
      return stage.replaying;
    },
    get metrics() {
      return stage.snapshot().metrics;
    },
    nodeAdder: Object.freeze({
      addNode: (dagName: string, spec: NodeSpec) => async () => {
        const answer = await dispatch({ type: 'AddNode', dagName, spec });
        return answer._tag === 'Left' ? answer : ({ _tag: 'Right', right: answer.right.added[0]! } as const);
      },
    }),
    snapshot: stage.snapshot,
    eventsFrom: stage.eventsFrom,
    dispatch,
    track: <T>(work: Observable<T> | PromiseLike<T>, options?: { readonly timeoutMs?: number }) =>
      track(hook, stage, work, options?.timeoutMs ?? stage.hookTimeoutMs),
    [answering]: () => hook.current(),
  });
};

const track = <T>(
  hook: InstalledHook,
  stage: Stage,
  work: Observable<T> | PromiseLike<T>,
  timeoutMs: number,
): Observable<T> => {
  const { seq } = hook;
  const begin = (released: () => void): OpenWork => {
    const opened = hook.openUp(seq, timeoutMs, undefined, () =>
      hook.fail(
        new DOMException(`Tracked work of hook "${hook.name}" was not done within ${timeoutMs} ms`, 'TimeoutError'),
        false,
        seq,
      ),
    );
    opened.released = released;
    return opened;
  };
  const isOut = (): boolean => hook.isCut || stage.isOver;
  if (isObservable(work))
    return new Observable((subscriber) => {
      if (isOut()) return subscriber.complete();
      const { close } = begin(() => subscriber.complete());
      subscriber.add(() => void close());
      const listener = new Listener<T>({
        next: (value) => subscriber.next(value),
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
      subscriber.add(listener);
      listener.listenTo(work);
    });
  const over = new Subject<never>();
  const promise = Promise.resolve(work);
  if (!isOut()) {
    let isDone = false;
    const { close } = begin(() => isDone || over.complete());
    const done = (): void => {
      isDone = true;
      close();
    };
    promise.then(done, done);
  }
  return new Observable((subscriber) => {
    subscriber.add(over.subscribe({ complete: () => subscriber.complete() }));
    return from(promise).subscribe(subscriber);
  });
};
