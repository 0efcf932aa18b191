import { causes, type Answering, type SupervisorHookV2 } from '../hooks/Hook.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { failureOf } from '../model/Failure.js';
import { commandInput } from './commandInput.js';
import type { Listener } from '../hooks/Listener.js';
import { answerKey, type LoggedAnswer } from './Past.js';
import type { Posted } from './Posted.js';
import type { Stage } from './Stage.js';
import { Emitter } from './streams.js';

/** Commands that descend from one root event, counted per hook. */
export interface Root {
  since: number;
  used: Map<InstalledHook, number> | undefined;
}

/** Work that a hook has begun: the run does not settle before it ends. */
export interface OpenWork {
  readonly seq: number;
  /** Ends it; tells whether it had not ended before. */
  readonly close: () => boolean;
  isClosed: boolean;
  /** Called once it has ended, for whatever reason. */
  released?: () => void;
}

const BUDGET_MS = 60_000;
const FAILURES_MAX = 3;

/** One hook of one run: what it was shown, what it owes, and whether it still takes part. */
export class InstalledHook {
  readonly name: string;
  readonly methods: SupervisorHookV2 | undefined;
  readonly event$ = new Emitter<ExecutionEvent>();
  /** Hears what an operator asks for. */
  listener: Listener<unknown> | undefined;
  /** Whether it was cut off: it is shown nothing more, and its commands are dropped. */
  isCut = false;
  failures = 0;
  private seen: ExecutionEvent | undefined;
  private root: Root | undefined;
  private answering: Answering | undefined;
  private readonly open = new Set<OpenWork>();
  private readonly stage: Stage;

  constructor(name: string, methods: SupervisorHookV2 | undefined, stage: Stage) {
    this.name = name;
    this.methods = methods;
    this.stage = stage;
  }

  /** The event that it is being shown, or was shown last. */
  show(event: ExecutionEvent, root: Root): void {
    this.seen = event;
    this.root = root;
    this.answering = undefined;
  }

  get seq(): number {
    return this.seen?.seq ?? 0;
  }

  /** The seq up to which it has answered everything. */
  get answeredSeq(): number {
    const [first] = this.open;
    return first === undefined ? this.seq : first.seq - 1;
  }

  /** Where a command comes from that names no event. */
  current(): Answering {
    if (this.answering !== undefined) return this.answering;
    const { seen } = this;
    const root = (this.root ??= { since: this.stage.timers.now(), used: undefined });
    return (this.answering = {
      cause: this.seq,
      node: seen !== undefined && 'nodeId' in seen ? seen.nodeId : undefined,
      root,
      nth: 0,
    });
  }

  /** Takes one command into the inbox, if the budget allows. */
  command(wish: unknown, source?: Answering, done?: Posted['done']): void {
    if (this.isCut || this.stage.isOver) return;
    const from = source ?? (typeof wish === 'object' && wish !== null ? causes.get(wish) : undefined) ?? this.current();
    if (!this.spend(from.root as Root)) {
      const error = new Error(
        `Hook "${this.name}" gave more than ${this.stage.commandBudget} commands that descend from one event (config.commandBudget) and is cut off`,
      );
      error.name = 'BudgetExceeded';
      return this.fail(error, true, from.cause);
    }
    if (wish === undefined || wish === null) return; // nothing asked, but it has cost its share
    const nth = ++from.nth;
    const cause = from.cause > 0 ? from.cause : undefined;
    const logged = this.stage.known.get(answerKey(this.name, cause, nth));
    if (logged !== undefined) return this.answeredBefore(wish, logged, done);
    const origin = { by: this.name, ...(cause !== undefined && { cause }), nth, after: from.node };
    this.stage.post(commandInput(wish, origin, from.root, done));
  }

  /** The log has this answer already: it is dropped, and resolves with what became of it then. */
  private answeredBefore(wish: unknown, logged: LoggedAnswer, done: Posted['done']): void {
    const { seq, first, added } = logged;
    if (!logged.isSame(wish))
      this.fail(
        new Error(
          `replay diverged: in answer to event ${first.cause ?? 0} hook "${this.name}" once asked for ${first.type}, and now for something else`,
        ),
        false,
        first.cause,
      );
    if (first.type === 'CommandRefused')
      done?.({ _tag: 'Left', left: { command: first.command, reason: first.reason, type: 'Refused' } });
    else done?.({ _tag: 'Right', right: { seq, added } });
  }

  private spend(root: Root): boolean {
    const now = this.stage.timers.now();
    if (root.used === undefined || now - root.since > BUDGET_MS) {
      root.since = now;
      root.used = new Map();
    }
    const used = (root.used.get(this) ?? 0) + 1;
    root.used.set(this, used);
    return used <= this.stage.commandBudget;
  }

  /** Tells of a failure; a final one, or the third in a row of a method hook, cuts the hook off. */
  fail(thrown: unknown, final = false, cause = this.seq): void {
    if (this.isCut || this.stage.isOver) return;
    this.failures++;
    const disabled = !final && this.methods !== undefined && this.failures >= FAILURES_MAX;
    const failure = failureOf(thrown);
    const error = disabled
      ? Object.freeze({
          ...failure,
          message: `${failure.message} (${this.failures} failures in a row: the hook is disabled)`,
        })
      : failure;
    this.stage.post({ type: 'HookFailed', hook: this.name, error, cause });
    if (!final && !disabled) return;
    this.isCut = true;
    this.listener?.unsubscribe();
    for (const work of this.open) work.close();
  }

  /** Begins work that the run waits for; `late` is called when its time is over, `index` is the node that it holds. */
  openUp(seq: number, timeoutMs: number, index: number | undefined, late: () => void): OpenWork {
    const { stage, open } = this;
    let cancel: (() => void) | undefined;
    const work: OpenWork = {
      seq,
      isClosed: false,
      close: () => {
        if (work.isClosed) return false;
        work.isClosed = true;
        cancel?.();
        open.delete(work);
        if (open.size === stage.hookBacklog - 1) stage.backlogged--;
        stage.openWork--;
        if (index !== undefined) stage.mark(index, this.name, false);
        try {
          work.released?.();
        } catch {
          // A stream of tracked work has ended; what its subscriber's teardown throws is dropped.
        }
        stage.post({ type: 'Answered', node: index });
        return true;
      },
    };
    open.add(work);
    if (open.size === stage.hookBacklog) stage.backlogged++;
    stage.openWork++;
    if (index !== undefined) {
      stage.hold(index);
      stage.mark(index, this.name, true);
    }
    if (timeoutMs !== Infinity)
      cancel = stage.timers.set(timeoutMs >= 0 ? timeoutMs : stage.hookTimeoutMs, () => {
        if (!work.isClosed) late();
        work.close();
      });
    return work;
  }
}
