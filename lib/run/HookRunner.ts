import type { Either } from '#fp-ts/Either';
import { Observable, Subject, from, isObservable, type Subscription } from 'rxjs';
import type { Cache } from '../define/Cache.js';
import { answering, causes, type Answering, type Hook, type HookContext, type SupervisorHookV2 } from '../hooks/Hook.js';
import type { CommandRefusal } from '../model/DagExecutionReport.js';
import { ExecutorCommand } from '../model/ExecutorCommand.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { explain, show } from '../model/explain.js';
import { failureOf } from '../model/Failure.js';
import type { Origin } from '../state/Turn.js';
import { commandJson } from '../state/step.js';
import { askGates, type Gated } from './gates.js';
import type { Posted } from './Posted.js';
import type { Timers } from './Timers.js';

/** What hooks need of the run that they watch. */
export interface Stage {
  readonly runId: string;
  readonly dagName: string;
  readonly cache: Cache;
  readonly appData: unknown;
  readonly timers: Timers;
  readonly hookTimeoutMs: number;
  readonly hookBacklog: number;
  readonly commandBudget: number;
  readonly post: (input: Posted) => void;
  readonly snapshot: () => ExecutorSnapshot;
  readonly eventsFrom: (seq: number) => Observable<ExecutionEvent>;
  readonly indexOf: (nodeId: string) => number | undefined;
  readonly isSuccess: () => boolean;
  /** The dependants of a node wait until an `Answered` for it. */
  readonly hold: (index: number) => void;
  /** Notes for `whyNotStarted` that a hook holds a node up, or (with false) no longer. */
  readonly mark: (index: number, hook: string, on: boolean) => void;
}

/** The commands that descend from one root event, counted per hook. */
interface Root {
  readonly since: number;
  readonly used: Map<InstalledHook, number>;
}

const BUDGET_MS = 60_000;
const FAILURES_MAX = 3;

/** Answers that have begun and are not done: the run waits for them. */
interface OpenWork {
  readonly seq: number;
  /** Ends it; tells whether it had not ended before. */
  readonly close: () => boolean;
  isClosed: boolean;
}

/** One hook of one run: its subscription or methods, what it owes, and whether it still takes part. */
export class InstalledHook {
  readonly name: string;
  readonly methods: SupervisorHookV2 | undefined;
  readonly event$ = new Subject<ExecutionEvent>();
  readonly open = new Set<OpenWork>();
  subscription: Subscription | undefined;
  failures = 0;
  cut = false;
  current: Answering | undefined;
  seen: ExecutionEvent | undefined;
  root: Root | undefined;
  constructor(name: string, methods: SupervisorHookV2 | undefined) {
    this.name = name;
    this.methods = methods;
  }
}

/** Shows events to hooks and takes their commands: each hook by itself, so that none can hurt another or the run. */
export class HookRunner {
  private readonly hooks: InstalledHook[] = [];
  private readonly stage: Stage;
  private readonly contexts = new Map<InstalledHook, HookContext>();
  private openWork = 0;
  private backlogged = 0;
  private ended = false;

  constructor(stage: Stage, hooks: readonly Hook[]) {
    this.stage = stage;
    const names = new Set<string>();
    for (const [i, hook] of hooks.entries()) {
      const wanted = (typeof hook === 'function' ? hook.hookName : hook.name) || `hook#${i}`;
      let name = wanted;
      for (let n = 2; names.has(name); n++) name = `${wanted}#${n}`;
      names.add(name);
      const installed = new InstalledHook(name, typeof hook === 'function' ? undefined : hook);
      this.hooks.push(installed);
      const ctx = this.contextOf(installed);
      this.contexts.set(installed, ctx);
      if (typeof hook === 'function') this.connect(installed, () => hook(installed.event$.asObservable(), ctx));
    }
  }

  get count(): number {
    return this.hooks.length;
  }

  get hasGates(): boolean {
    return this.hooks.some(({ methods }) => typeof methods?.beforeNodeStart === 'function');
  }

  /** Whether hook work is open: the run does not settle. */
  get isOpen(): boolean {
    return this.openWork > 0;
  }

  /** Whether a hook owes so many answers that nothing may start. */
  get isFull(): boolean {
    return this.backlogged > 0;
  }

  /** The seq up to which each hook has answered. */
  answered(): Readonly<Record<string, number>> {
    const seqs: Record<string, number> = {};
    for (const { name, open, seen } of this.hooks) {
      const [first] = open;
      seqs[name] = first === undefined ? (seen?.seq ?? 0) : first.seq - 1;
    }
    return seqs;
  }

  /** Shows one event to every hook, in order. */
  deliver(event: ExecutionEvent, root: object | undefined): void {
    for (const hook of this.hooks) {
      if (hook.cut) continue;
      hook.seen = event;
      hook.current = undefined;
      hook.root = root as Root | undefined;
      if (hook.methods === undefined) hook.event$.next(event);
      else this.call(hook, hook.methods, event);
    }
  }

  /** Asks the gates about a node that is starting. */
  ask(gated: Gated): void {
    askGates(
      this.hooks.filter(({ cut, methods }) => !cut && typeof methods?.beforeNodeStart === 'function').map((hook) => ({ name: hook.name, methods: hook.methods!, ctx: this.contexts.get(hook)! })),
      gated,
      this.stage,
    );
  }

  /** The run is over: operators complete, open work is let go. */
  end(): void {
    this.ended = true;
    for (const hook of this.hooks) {
      hook.event$.complete();
      hook.subscription?.unsubscribe();
    }
  }

  private connect(hook: InstalledHook, make: () => Observable<ExecutorCommand>): void {
    try {
      const command$ = make();
      if (!isStream(command$)) throw new TypeError(`Hook "${hook.name}" returned no Observable; an operator hook returns a stream of commands (EMPTY if it only watches).`);
      hook.subscription = from(command$).subscribe({
        next: (command) => this.command(hook, command),
        error: (error: unknown) => this.fail(hook, error, true),
      });
      if (hook.cut) hook.subscription.unsubscribe();
    } catch (error) {
      this.fail(hook, error, true);
    }
  }

  private call(hook: InstalledHook, methods: SupervisorHookV2, event: ExecutionEvent): void {
    const ctx = this.contexts.get(hook)!;
    if (methods.onEvent !== undefined) this.answer(hook, event, false, () => methods.onEvent!(ctx, event));
    switch (event.type) {
      case 'NodeStarted':
        if (methods.onNodeStart !== undefined) this.answer(hook, event, false, () => methods.onNodeStart!(ctx, event));
        return;
      case 'NodeSucceeded':
        if (methods.onNodeComplete !== undefined) this.answer(hook, event, methods.observe !== true, () => methods.onNodeComplete!(ctx, event));
        return;
      case 'NodeFailed':
        if (methods.onNodeFailed !== undefined) this.answer(hook, event, methods.observe !== true, () => methods.onNodeFailed!(ctx, event));
        return;
      case 'RunStarted':
        if (methods.onStart !== undefined) this.answer(hook, event, false, () => methods.onStart!(ctx));
        return;
      case 'RunQuiescent':
        if (methods.onComplete !== undefined) this.answer(hook, event, false, () => methods.onComplete!(ctx, this.stage.isSuccess()));
        return;
      default:
    }
  }

  /** Calls a method and takes its answer, now or later; `holds`: a late one holds back the node's dependants. */
  private answer(hook: InstalledHook, event: ExecutionEvent, holds: boolean, method: () => unknown): void {
    if (hook.cut) return;
    let value: unknown;
    try {
      value = method();
      if (value === undefined || value === null) {
        hook.failures = 0;
        return;
      }
      if (typeof value === 'object' && isLater(value)) return this.later(hook, event, holds, value);
    } catch (error) {
      return this.fail(hook, error);
    }
    this.commands(hook, value, this.current(hook));
  }

  private later(hook: InstalledHook, event: ExecutionEvent, holds: boolean, value: object): void {
    const source = this.current(hook);
    const index = holds && 'nodeId' in event ? this.stage.indexOf(event.nodeId) : undefined;
    let running: Subscription | undefined;
    const work = this.openUp(hook, event.seq, this.stage.hookTimeoutMs, index, () => {
      running?.unsubscribe();
      this.fail(hook, new DOMException(`Hook "${hook.name}" has not answered ${event.type} within ${this.stage.hookTimeoutMs} ms`, 'TimeoutError'), false, event.seq);
    });
    const done = (): void => {
      if (work.close()) hook.failures = 0;
    };
    const failed = (error: unknown): void => {
      if (!work.isClosed) this.fail(hook, error, false, event.seq);
      work.close();
    };
    if (typeof (value as PromiseLike<unknown>).then === 'function')
      (value as PromiseLike<unknown>).then(
        (answered) => {
          if (work.isClosed) return;
          this.commands(hook, answered, source, event.seq);
          work.close();
        },
        failed,
      );
    else {
      running = from(value as Observable<unknown>).subscribe({
        next: (command) => this.command(hook, command, source),
        error: failed,
        complete: done,
      });
      if (work.isClosed) running.unsubscribe();
    }
  }

  /** Begins work that the run waits for; `late` is called when its time is over, `index` is the node it holds. */
  private openUp(hook: InstalledHook, seq: number, timeoutMs: number, index: number | undefined, late: () => void): OpenWork {
    const { stage } = this;
    let cancel: (() => void) | undefined;
    const work: OpenWork = {
      seq,
      isClosed: false,
      close: () => {
        if (work.isClosed) return false;
        work.isClosed = true;
        cancel?.();
        hook.open.delete(work);
        if (hook.open.size === stage.hookBacklog - 1) this.backlogged--;
        this.openWork--;
        if (index !== undefined) stage.mark(index, hook.name, false);
        stage.post({ type: 'Answered', node: index });
        return true;
      },
    };
    hook.open.add(work);
    if (hook.open.size === stage.hookBacklog) this.backlogged++;
    this.openWork++;
    if (index !== undefined) {
      stage.hold(index);
      stage.mark(index, hook.name, true);
    }
    if (Number.isFinite(timeoutMs))
      cancel = stage.timers.set(timeoutMs, () => {
        if (work.isClosed) return;
        late();
        work.close();
      });
    return work;
  }

  private commands(hook: InstalledHook, value: unknown, source: Answering, cause?: number): void {
    if (value === undefined || value === null) return;
    const all = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    if (all.every((command) => typeof command === 'object' && command !== null && typeof (command as { type?: unknown }).type === 'string')) {
      hook.failures = 0;
      for (const command of all) if (!hook.cut) this.command(hook, command, source);
    } else this.fail(hook, new TypeError(`Hook "${hook.name}" answered with ${show(all.find((c) => typeof c !== 'object') ?? value)}, which is no command.`), false, cause);
  }

  /** Takes one command of a hook into the inbox, if its budget allows. */
  private command(hook: InstalledHook, wish: unknown, source?: Answering, done?: Posted['done']): void {
    if (hook.cut || this.ended) return;
    const known = typeof wish === 'object' && wish !== null ? causes.get(wish) : undefined;
    const from_ = source ?? known ?? this.current(hook);
    const root = from_.root as Root;
    const now = this.stage.timers.now();
    if (now - root.since > BUDGET_MS) {
      (root as { since: number }).since = now;
      root.used.clear();
    }
    const used = (root.used.get(hook) ?? 0) + 1;
    root.used.set(hook, used);
    if (used > this.stage.commandBudget)
      return this.fail(hook, Object.assign(new Error(`Hook "${hook.name}" gave more than ${this.stage.commandBudget} commands in answer to one event (config.commandBudget) and is cut off`), { name: 'BudgetExceeded', stack: undefined }), true);
    const origin: Origin = { by: hook.name, cause: from_.cause, nth: ++from_.nth, after: from_.node };
    this.stage.post(commandInput(wish, origin, root, done));
  }

  /** Where a command of this hook comes from that names no event: what it is being shown, or was shown last. */
  private current(hook: InstalledHook): Answering {
    if (hook.current !== undefined) return hook.current;
    const { seen } = hook;
    const root = (hook.root ??= { since: this.stage.timers.now(), used: new Map() });
    return (hook.current = { cause: seen?.seq ?? 0, node: seen !== undefined && 'nodeId' in seen ? seen.nodeId : undefined, root, nth: 0 });
  }

  /** Tells of a hook's failure; the third in a row, or a final one, cuts it off. */
  private fail(hook: InstalledHook, error: unknown, finish = false, cause = hook.seen?.seq): void {
    if (hook.cut || this.ended) return;
    hook.failures++;
    const last = finish || (hook.methods !== undefined && hook.failures >= FAILURES_MAX);
    const failure = failureOf(error);
    const told = last && !finish ? { ...failure, message: `${failure.message} (failure ${hook.failures} in a row: the hook is disabled)` } : failure;
    this.stage.post({ type: 'HookFailed', hook: hook.name, error: told, ...(cause === undefined ? {} : { cause }) });
    if (last) this.cutOff(hook);
  }

  private cutOff(hook: InstalledHook): void {
    hook.cut = true;
    hook.subscription?.unsubscribe();
    for (const work of hook.open) work.close();
  }

  private contextOf(hook: InstalledHook): HookContext {
    const { stage } = this;
    const dispatch = (wish: ExecutorCommand): Promise<Either<CommandRefusal, { seq: number; added: readonly string[] }>> =>
      new Promise((done) => {
        if (hook.cut || this.ended)
          done({ _tag: 'Left', left: { command: commandJson(wish), reason: this.ended ? 'The run has ended.' : `Hook "${hook.name}" is cut off.`, type: this.ended ? 'RunEnded' : 'HookCutOff' } });
        else {
          this.command(hook, wish, undefined, done);
          if (hook.cut) done({ _tag: 'Left', left: { command: commandJson(wish), reason: `Hook "${hook.name}" is cut off.`, type: 'OverBudget' } });
        }
      });
    return Object.freeze({
      runId: stage.runId,
      dagName: stage.dagName,
      cache: stage.cache,
      appData: stage.appData,
      replaying: false,
      get metrics() {
        return stage.snapshot().metrics;
      },
      nodeAdder: Object.freeze({
        addNode: (dagName: string, spec: never) => async () => {
          const answer = await dispatch({ type: 'AddNode', dagName, spec });
          return answer._tag === 'Left' ? answer : ({ _tag: 'Right', right: answer.right.added[0]! } as const);
        },
      }),
      snapshot: stage.snapshot,
      eventsFrom: stage.eventsFrom,
      dispatch,
      track: <T>(work: Observable<T> | PromiseLike<T>, options?: { readonly timeoutMs?: number }) => this.track(hook, work, options?.timeoutMs ?? stage.hookTimeoutMs),
      [answering]: () => this.current(hook),
    }) as HookContext;
  }

  private track<T>(hook: InstalledHook, work: Observable<T> | PromiseLike<T>, timeoutMs: number): Observable<T> {
    const seq = hook.seen?.seq ?? 0;
    const begin = (late: () => void): OpenWork =>
      this.openUp(hook, seq, timeoutMs, undefined, () => {
        late();
        this.fail(hook, new DOMException(`Tracked work of hook "${hook.name}" was not done within ${timeoutMs} ms`, 'TimeoutError'), false, seq);
      });
    if (isObservable(work))
      return new Observable((subscriber) => {
        if (hook.cut || this.ended) return subscriber.complete();
        const { close } = begin(() => subscriber.complete());
        subscriber.add(() => void close());
        return work.subscribe(subscriber);
      });
    const over = new Subject<never>();
    const promise = Promise.resolve(work);
    if (!hook.cut && !this.ended) {
      const { close } = begin(() => over.complete());
      promise.then(close, close);
    }
    return new Observable((subscriber) => {
      over.subscribe({ complete: () => subscriber.complete() });
      return from(promise).subscribe(subscriber);
    });
  }
}

const isStream = (value: unknown): value is Observable<ExecutorCommand> =>
  typeof value === 'object' && value !== null && (isObservable(value) || typeof (value as { subscribe?: unknown }).subscribe === 'function' || Symbol.asyncIterator in value);

const isLater = (value: object): boolean => typeof (value as { then?: unknown }).then === 'function' || isObservable(value) || Symbol.asyncIterator in value;

/** A wish as an input: a command if it is one, else a refusal that tells what is wrong with it. */
export const commandInput = (wish: unknown, origin: Origin, root: object | undefined, done: Posted['done']): Posted => {
  const extra = { ...(root === undefined ? {} : { root }), ...(done === undefined ? {} : { done }) };
  let reason: string;
  try {
    const decoded = ExecutorCommand.decode(wish);
    if (decoded._tag === 'Right') return { type: 'Command', command: decoded.right, origin, ...extra };
    reason = `The command is malformed: ${explain(decoded.left).join('; ')}`;
  } catch (error) {
    reason = `The command can't be read: ${failureOf(error).message}`;
  }
  return { type: 'Malformed', command: commandJson(typeof wish === 'object' && wish !== null ? wish : { value: show(wish) }), refusal: { type: 'Malformed', reason }, origin, ...extra };
};
