import { BehaviorSubject, Subject, catchError } from 'rxjs';
import type { HookOperator } from '../../../lib/index.js';
import type { CodeError } from './CodeError.js';
import { compileHook, placeOf } from './compileHook.js';
import { exchangeable } from './switchable.js';

const NAME = 'yours';

/** The hook that the visitor writes. What is applied takes the place of the one before, also in mid-run. */
export class YourHook {
  /** What a running hook has thrown; it is out of its run then, the next run begins with it. */
  readonly thrown$ = new Subject<CodeError>();
  readonly #current$ = new BehaviorSubject<HookOperator | undefined>(undefined);
  readonly hook = Object.assign<HookOperator, { hookName: string }>(
    (event$, ctx) => {
      this.#isCut = false;
      return exchangeable(NAME, this.#current$)(event$, ctx);
    },
    { hookName: NAME },
  );
  #isCut = false;

  /** Whether the run that goes on has cut it off: what is applied then begins with the next one. */
  get isCut(): boolean {
    return this.#isCut;
  }

  get isOn(): boolean {
    return this.#current$.value !== undefined;
  }

  /**
   * Resolves with what is wrong with the code; the hook before stays then. What it throws at once, when a run that goes on
   * takes it, is told by `thrown$` as well.
   */
  async apply(code: string): Promise<CodeError | undefined> {
    const made = await compileHook(code);
    if (typeof made !== 'function') return made;
    let thrown: CodeError | undefined;
    const listening = this.thrown$.subscribe((error) => (thrown = error));
    this.#current$.next(this.#watched(made));
    listening.unsubscribe();
    return thrown;
  }

  off(): void {
    this.#current$.next(undefined);
  }

  /** Errors go on to the engine, which contains them; on their way the page learns where they come from. */
  #watched(hook: HookOperator): HookOperator {
    const told = (error: unknown): never => {
      this.#isCut = true;
      this.thrown$.next(placeOf(error));
      throw error;
    };
    return (event$, ctx) => {
      try {
        return hook(event$, ctx).pipe(catchError(told));
      } catch (error) {
        return told(error);
      }
    };
  }
}
