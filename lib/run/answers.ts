import { from, isObservable, takeWhile, type Observable } from 'rxjs';
import type { Answering } from '../hooks/Hook.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { show } from '../model/explain.js';
import type { InstalledHook } from './InstalledHook.js';
import { Listener } from '../hooks/Listener.js';
import type { Stage } from './Stage.js';

/** Calls a hook's method and takes its answer, now or later; `holds`: a late one holds back the node's dependants. */
export const takeAnswer = (
  hook: InstalledHook,
  stage: Stage,
  event: ExecutionEvent,
  holds: boolean,
  method: () => unknown,
): void => {
  if (hook.isCut) return;
  try {
    const value = method();
    if (value === undefined || value === null) hook.failures = 0;
    else if (isLater(value)) later(hook, stage, event, holds, value);
    else takeCommands(hook, value, hook.current());
  } catch (error) {
    hook.fail(error);
  }
};

const isLater = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  (typeof (value as { then?: unknown }).then === 'function' || isObservable(value) || Symbol.asyncIterator in value);

const later = (hook: InstalledHook, stage: Stage, event: ExecutionEvent, holds: boolean, value: object): void => {
  const source = hook.current();
  const index = holds && 'nodeId' in event ? stage.indexOf(event.nodeId) : undefined;
  const work = hook.openUp(event.seq, stage.hookTimeoutMs, index, () =>
    failed(
      new DOMException(
        `Hook "${hook.name}" has not answered ${event.type} within ${stage.hookTimeoutMs} ms`,
        'TimeoutError',
      ),
    ),
  );
  const failed = (error: unknown): void => {
    if (!work.isClosed) hook.fail(error, false, event.seq);
    work.close();
  };
  try {
    if (typeof (value as PromiseLike<unknown>).then === 'function')
      (value as PromiseLike<unknown>).then((answered) => {
        if (work.isClosed) return;
        try {
          takeCommands(hook, answered, source);
        } catch (error) {
          return failed(error);
        }
        work.close();
      }, failed);
    else {
      const command$ = from(value as Observable<unknown>).pipe(takeWhile(() => !work.isClosed));
      const listener = new Listener<unknown>({
        next: (command) => hook.command(command, source),
        error: failed,
        complete: () => {
          hook.failures = 0;
          work.close();
        },
      });
      work.released = () => listener.unsubscribe();
      listener.listenTo(command$);
    }
  } catch (error) {
    failed(error);
  }
};

const isWish = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

const takeCommands = (hook: InstalledHook, value: unknown, source: Answering): void => {
  const commands: readonly unknown[] = Array.isArray(value)
    ? value
    : value === undefined || value === null
      ? []
      : [value];
  const wrong = commands.findIndex((command) => !isWish(command));
  if (wrong !== -1)
    return hook.fail(
      new TypeError(`Hook "${hook.name}" answered with ${show(commands[wrong])}, which is no command`),
      false,
      source.cause,
    );
  hook.failures = 0;
  for (const command of commands) {
    if (hook.isCut) return;
    hook.command(command, source);
  }
};
