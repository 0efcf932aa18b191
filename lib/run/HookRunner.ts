import { from, isObservable, takeWhile, type Observable } from 'rxjs';
import type { Hook, HookContext, SupervisorHookV2 } from '../hooks/Hook.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { takeAnswer } from './answers.js';
import { askGates, type Gated } from './gates.js';
import { hookContext } from './hookContext.js';
import { InstalledHook, type Root } from './InstalledHook.js';
import { Listener } from '../hooks/Listener.js';
import type { Past } from './Past.js';
import type { Stage } from './Stage.js';

/** Shows events to hooks and takes their commands: each hook by itself, so that none can hurt another or the run. */
export class HookRunner {
  private readonly hooks: { readonly hook: InstalledHook; readonly ctx: HookContext }[] = [];
  private readonly stage: Stage;

  constructor(stage: Stage, hooks: readonly Hook[]) {
    this.stage = stage;
    const uses = new Map<string, number>();
    for (const [i, given] of hooks.entries()) {
      const wanted = (typeof given === 'function' ? given.hookName : given.name) || `hook#${i}`;
      let name = wanted;
      let n = uses.get(wanted) ?? 0;
      while (uses.has(name)) name = `${wanted}#${++n + 1}`;
      uses.set(wanted, n).set(name, uses.get(name) ?? 0);
      const hook = new InstalledHook(name, typeof given === 'function' ? undefined : given, stage);
      const ctx = hookContext(hook, stage);
      this.hooks.push({ hook, ctx });
      if (typeof given === 'function') connect(hook, () => given(hook.event$.asObservable(), ctx));
    }
  }

  get isEmpty(): boolean {
    return this.hooks.length === 0;
  }

  get hasGates(): boolean {
    return this.hooks.some(({ hook }) => isGate(hook.methods));
  }

  /** The seq up to which each hook has answered. */
  answered(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.hooks.map(({ hook }) => [hook.name, hook.answeredSeq]));
  }

  /** Shows one event to every hook, in order. */
  deliver(event: ExecutionEvent, root: Root): void {
    for (const { hook, ctx } of this.hooks) {
      if (hook.isCut) continue;
      hook.show(event, root);
      if (hook.methods === undefined) hook.event$.next(event);
      else
        try {
          this.call(hook, hook.methods, ctx, event);
        } catch (error) {
          hook.fail(error); // a method that can't even be read
        }
    }
  }

  /** Shows a resumed run's past: all of it to operators, to a method hook what it had not fully answered. */
  replay({ events, answered }: Past): void {
    const { stage } = this;
    stage.replaying = true;
    const last = events[events.length - 1]!;
    for (const { hook, ctx } of this.hooks) {
      const { methods } = hook;
      if (methods?.onResume === undefined) continue;
      hook.show(last, { since: 0, used: undefined });
      takeAnswer(hook, stage, last, false, () => methods.onResume!(ctx));
    }
    for (const event of events)
      for (const { hook, ctx } of this.hooks) {
        if (hook.isCut || (hook.methods !== undefined && event.seq <= (answered[hook.name] ?? 0))) continue;
        hook.show(event, { since: 0, used: undefined });
        if (hook.methods === undefined) hook.event$.next(event);
        else this.call(hook, hook.methods, ctx, event);
      }
    stage.replaying = false;
  }

  /** Asks the gates about a node that is starting. */
  ask(gated: Gated): void {
    askGates(
      this.hooks.flatMap(({ hook, ctx }) =>
        hook.isCut || !isGate(hook.methods) ? [] : [{ name: hook.name, methods: hook.methods!, ctx }],
      ),
      gated,
      this.stage,
    );
  }

  /** The run is over: operators complete. */
  end(): void {
    this.stage.isOver = true;
    for (const { hook } of this.hooks) {
      try {
        hook.event$.complete();
      } catch {
        // The run is over: what teardowns throw can't be told any more.
      }
      hook.listener?.unsubscribe();
    }
  }

  private call(hook: InstalledHook, methods: SupervisorHookV2, ctx: HookContext, event: ExecutionEvent): void {
    const { stage } = this;
    const holds = methods.observe !== true;
    if (methods.onEvent !== undefined) takeAnswer(hook, stage, event, false, () => methods.onEvent!(ctx, event));
    switch (event.type) {
      case 'NodeStarted':
        if (methods.onNodeStart !== undefined)
          takeAnswer(hook, stage, event, false, () => methods.onNodeStart!(ctx, event));
        return;
      case 'NodeSucceeded':
        if (methods.onNodeComplete !== undefined)
          takeAnswer(hook, stage, event, holds, () => methods.onNodeComplete!(ctx, event));
        return;
      case 'NodeFailed':
        if (methods.onNodeFailed !== undefined)
          takeAnswer(hook, stage, event, holds, () => methods.onNodeFailed!(ctx, event));
        return;
      case 'RunStarted':
        if (methods.onStart !== undefined) takeAnswer(hook, stage, event, false, () => methods.onStart!(ctx));
        return;
      case 'RunQuiescent':
        if (methods.onComplete !== undefined)
          takeAnswer(hook, stage, event, false, () => methods.onComplete!(ctx, stage.isSuccess()));
        return;
      default:
    }
  }
}

const isGate = (methods: SupervisorHookV2 | undefined): boolean => typeof methods?.beforeNodeStart === 'function';

const connect = (hook: InstalledHook, make: () => Observable<ExecutorCommand>): void => {
  try {
    const command$: unknown = make();
    if (!isObservable(command$) && typeof (command$ as { subscribe?: unknown } | undefined)?.subscribe !== 'function')
      throw new TypeError(
        `Hook "${hook.name}" returned no Observable; an operator hook returns a stream of commands (EMPTY if it only watches)`,
      );
    const wish$ = from(command$ as Observable<ExecutorCommand>).pipe(takeWhile(() => !hook.isCut));
    hook.listener = new Listener<unknown>({
      next: (command) => hook.command(command),
      error: (error: unknown) => hook.fail(error, true),
      complete: () => undefined,
    });
    hook.listener.listenTo(wish$);
  } catch (error) {
    hook.fail(error, true);
  }
};
