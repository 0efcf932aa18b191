import { Subject, catchError, defer, from, isObservable, mergeMap, of, type Observable, type Subscription } from 'rxjs';
import { show } from '../model/explain.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import type { Hook, HookContext, SupervisorHookV2 } from './Hook.js';
import { shielded } from './Listener.js';

const FAILURES_MAX = 3;

/** A method that answers with commands. */
export type Method =
  | 'onStart'
  | 'onResume'
  | 'onEvent'
  | 'onNodeStart'
  | 'onNodeComplete'
  | 'onNodeFailed'
  | 'onComplete';

/** An answer as it stands: commands at once, or a stream of them, which never errors. */
export type PartAnswer = readonly ExecutorCommand[] | Observable<ExecutorCommand>;

/**
 * One of several hooks that act as one, in one run. What it throws is kept in `errors` and hurts no other; an operator is
 * over after its first error, a hook by methods after the third in a row.
 */
export class Part {
  readonly name: string;
  readonly methods: SupervisorHookV2 | undefined;
  private readonly errors: Error[];
  private readonly event$ = new Subject<ExecutionEvent>();
  private subscription: Subscription | undefined;
  private failures = 0;
  private isCut = false;

  constructor(hook: Hook, name: string, ctx: HookContext, errors: Error[]) {
    this.name = name;
    this.errors = errors;
    this.methods = typeof hook === 'function' ? undefined : hook;
    if (typeof hook !== 'function') return;
    this.subscription = defer(() => shielded<ExecutorCommand>(hook(this.event$.asObservable(), ctx))).subscribe({
      next: (command) => void ctx.dispatch(command),
      error: (error: unknown) => this.failed(error, true),
    });
  }

  /** Shows an event to an operator; its commands go their own way. */
  show(event: ExecutionEvent): void {
    if (this.isCut || this.methods !== undefined) return;
    this.event$.next(event);
    if (event.type !== 'RunSettled') return;
    this.event$.complete();
    this.subscription?.unsubscribe();
  }

  /** Asks a method, if there is one. */
  ask(method: Method, args: readonly unknown[]): PartAnswer {
    const { methods } = this;
    const call = methods?.[method] as ((...given: readonly unknown[]) => unknown) | undefined;
    if (this.isCut || call === undefined) return [];
    try {
      const value = call.apply(methods, [...args]);
      return isLater(value) ? this.later(value) : this.commandsOf(value);
    } catch (error) {
      this.failed(error);
      return [];
    }
  }

  private later(value: object): Observable<ExecutorCommand> {
    return defer(() => shielded(from(value as PromiseLike<unknown> | Observable<unknown>))).pipe(
      mergeMap((answered) => this.commandsOf(answered)),
      catchError((error: unknown) => {
        this.failed(error);
        return [];
      }),
    );
  }

  private commandsOf(value: unknown): readonly ExecutorCommand[] {
    const commands: readonly unknown[] = Array.isArray(value)
      ? value
      : value === undefined || value === null
        ? []
        : [value];
    const wrong = commands.findIndex((command) => typeof (command as { type?: unknown } | null)?.type !== 'string');
    if (wrong !== -1) throw new TypeError(`it answered with ${show(commands[wrong])}, which is no command`);
    this.failures = 0;
    return commands as readonly ExecutorCommand[];
  }

  private failed(error: unknown, isFinal = false): void {
    this.isCut ||= isFinal || ++this.failures >= FAILURES_MAX;
    const message = error instanceof Error ? error.message : show(error);
    const end = this.isCut ? ' (this part is disabled)' : '';
    this.errors.push(new Error(`"${this.name}": ${message}${end}`, { cause: error }));
  }
}

/** Whether an answer comes later: a Promise, an Observable or an async iterable. */
export const isLater = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  (typeof (value as { then?: unknown }).then === 'function' || isObservable(value) || Symbol.asyncIterator in value);

/** An answer as a stream. */
export const streamOf = (answer: PartAnswer): Observable<ExecutorCommand> =>
  isObservable(answer) ? answer : from(answer);

/** A later value as a stream of one; a value at hand as it is. */
export const oneOf = <T>(value: T | PromiseLike<T> | Observable<T>): Observable<T> =>
  isLater(value) ? shielded(from(value)) : of(value);
