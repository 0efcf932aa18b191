import type { DagExecutionReport, DagRun, ExecutionEvent } from '../index.js';
import { printable } from '../model/printable.js';
import { eventLine } from './eventLine.js';
import { Interrupts } from './Interrupts.js';
import { Keyboard } from './Keyboard.js';
import type { KeptRun } from './KeptRun.js';
import { LiveView } from './LiveView.js';
import { modulesIn } from './modulesHook.js';
import { isAtStandstill, openQuestions, type Question } from './Question.js';
import { onSuspend } from './onSuspend.js';
import { RunWatch } from './RunWatch.js';
import type { Terminal } from './Terminal.js';

/** How a run is shown: events as JSON, nothing, a view drawn in place, or a line for each event. */
export type ScreenMode = 'json' | 'quiet' | 'live' | 'plain';

/** How it came to an end for whoever watched. */
export type ScreenEnd =
  | {
      readonly type: 'settled';
      readonly report: DagExecutionReport;
      readonly watch: RunWatch;
      readonly interrupted: boolean;
    }
  | { readonly type: 'waiting'; readonly text: string }
  | { readonly type: 'left' };

const TICK_MS = 100;
/** How long a run has to stand still before it is taken for one that waits for a person. */
const STANDSTILL_MS = 500;

/** Shows one run to its end: draws or prints, asks a person, hears Ctrl-C. */
export class RunScreen {
  readonly #terminal: Terminal;
  readonly #mode: ScreenMode;
  readonly #kept: KeptRun | undefined;
  readonly #hasPage: boolean;
  readonly #watch = new RunWatch();
  #view: LiveView | undefined;
  #keyboard: Keyboard | undefined;
  #forgetSuspend: () => void = () => undefined;
  #asked: Question | undefined;
  #stillSince: number | undefined;
  #trouble: string | undefined;
  /** The questions that are left to the page, as a person was told of them. */
  #left = '';

  /** Where a person can answer in a page, a run is not given up for want of a terminal. */
  constructor(terminal: Terminal, mode: ScreenMode, kept: KeptRun | undefined, hasPage = false) {
    this.#terminal = terminal;
    this.#mode = mode;
    this.#kept = kept;
    this.#hasPage = hasPage;
  }

  show(run: DagRun): Promise<ScreenEnd> {
    return new Promise((resolve, reject) => {
      const interrupts = new Interrupts(
        run,
        this.#kept !== undefined,
        (what) => this.#tellStopping(what),
        () => end({ type: 'left' }),
      );
      // A reader that goes with the first Ctrl-C, as tee does, changes nothing about what it asks for.
      this.#terminal.onClosed = () => interrupts.isStopping || interrupts.abort(true);
      const past = run.snapshot.seq; // a resumed run has a log already, which is not shown again
      const subscription = run.eventsFrom(1).subscribe({
        next: (event) => {
          this.#watch.hear(event);
          if (event.seq <= past) {
            if (event.type === 'CommandRefused') this.#watch.refusedBefore++;
            return;
          }
          this.#stillSince = undefined;
          this.#print(event);
          this.#view?.hear();
          if (interrupts.isStopping) interrupts.settle(event.type === 'RunResumed');
        },
        error: () => undefined, // so does the report
      });
      // Also keeps the process alive while a run only waits.
      const timer = setInterval(() => {
        const waiting = this.#tick(run, interrupts);
        if (waiting !== undefined) end({ type: 'waiting', text: waiting });
      }, TICK_MS);
      const close = (): void => {
        clearInterval(timer);
        subscription.unsubscribe();
        interrupts.close();
        this.#keyboard?.close();
        this.#forgetSuspend();
        this.#view?.close();
      };
      const end = (how: ScreenEnd): void => {
        close();
        resolve(how);
      };
      if (this.#mode === 'live') this.#open(run, interrupts);
      run.report.then(
        (report) => end({ type: 'settled', report, watch: this.#watch, interrupted: interrupts.isStopping }),
        (error: unknown) => {
          close();
          reject(error);
        },
      );
    });
  }

  #open(run: DagRun, interrupts: Interrupts): void {
    this.#view = new LiveView(this.#terminal, run, this.#watch);
    if (!this.#terminal.canAsk) {
      this.#forgetSuspend = onSuspend(
        () => this.#view?.hide(),
        () => this.#view?.draw(),
      );
      return;
    }
    this.#keyboard = new Keyboard({
      changed: () => this.#showPrompt(),
      line: (line) => this.#answer(run, line),
      interrupt: () => interrupts.interrupt(),
      closed: () => {
        this.#keyboard = undefined;
        this.#asked = undefined;
        this.#showPrompt();
      },
      suspended: () => this.#view?.hide(),
    });
  }

  /** Looks whether there is something to ask; gives what to say where nobody can be asked. */
  #tick(run: DagRun, interrupts: Interrupts): string | undefined {
    this.#tellTrouble(run);
    if (interrupts.isStopping) {
      this.#asked = undefined;
      this.#showPrompt();
      return undefined;
    }
    const still = isAtStandstill(run, this.#watch);
    this.#stillSince = still ? (this.#stillSince ?? Date.now()) : undefined;
    const isStill = this.#stillSince !== undefined && Date.now() - this.#stillSince >= STANDSTILL_MS;
    const questions = openQuestions(run, this.#watch).filter(({ key }) => key.startsWith('input ') || isStill);
    if (this.#keyboard === undefined && this.#hasPage) {
      this.#tellLeft(isStill ? questions : []);
      return undefined;
    }
    if (this.#keyboard === undefined) return isStill ? waitingText(questions, this.#kept) : undefined;
    const open = questions.find(({ key }) => key === this.#asked?.key) ?? questions[0];
    if (open?.key !== this.#asked?.key) {
      this.#asked = open;
      this.#keyboard.clear();
    }
    this.#showPrompt();
    return undefined;
  }

  /** Says once of each set of questions that they are to be answered in the page. */
  #tellLeft(questions: readonly Question[]): void {
    const left = questions.length === 0 ? '' : leftText(questions);
    if (left === this.#left) return;
    this.#left = left;
    if (this.#view !== undefined) {
      this.#view.stopping = left || undefined;
      this.#view.draw();
    } else if (left !== '') this.#terminal.tell(left);
  }

  #answer(run: DagRun, line: string): void {
    const answer = this.#asked?.answer(line);
    if (answer === undefined) return this.#showPrompt();
    const isRefused = 'text' in answer;
    this.#asked = isRefused ? answer : undefined;
    this.#showPrompt();
    if (!isRefused) void run.dispatch(answer);
  }

  #showPrompt(): void {
    if (this.#view === undefined) return;
    const before = this.#view.prompt;
    this.#watch.asked = this.#asked?.nodeId;
    this.#view.prompt =
      this.#asked === undefined || this.#keyboard === undefined
        ? undefined
        : { question: this.#asked.text, ...this.#keyboard.typed };
    if (before !== undefined || this.#view.prompt !== undefined) this.#view.draw();
  }

  /** Says once that the store can't be used, and once that it can again. */
  #tellTrouble({ storeFault }: DagRun): void {
    const trouble = storeFault?.message;
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    const text = trouble === undefined ? 'The store can be used again' : `${trouble} The run waits for it`;
    if (this.#view === undefined) this.#terminal.tell(text);
    else this.#view.stopping = trouble === undefined ? undefined : text;
  }

  #tellStopping(what: string): void {
    if (this.#view === undefined) this.#terminal.tell(what);
    else {
      this.#view.stopping = what;
      this.#view.draw();
    }
  }

  #print(event: ExecutionEvent): void {
    if (this.#mode === 'json') this.#terminal.json(event);
    else if (this.#mode === 'plain' && !isOwnAffair(event))
      this.#terminal.out(`${eventLine(event, this.#watch.startedAt!)}\n`);
  }
}

/** What tells a person nothing: our own note of where a run came from, and that nothing was interrupted. */
const isOwnAffair = (event: ExecutionEvent): boolean =>
  modulesIn(event) !== undefined || (event.type === 'RunRecovered' && event.interrupted.length === 0);

const SHOWN_MAX = 10;

const leftText = ([first, ...more]: readonly Question[]): string =>
  `The run waits for a person: answer it in the page (${first!.text}${more.length > 0 ? `, and ${more.length} more` : ''})`;

const waitingText = (questions: readonly Question[], kept: KeptRun | undefined): string => {
  const lines = questions.slice(0, SHOWN_MAX).map(({ text, hint, nodeId }) => {
    const command = kept === undefined ? hint : nodeId === undefined ? kept.resume : kept.answer(nodeId);
    return `  ${printable(text)}\n    answer it with ${printable(command)}`;
  });
  const more = questions.length - lines.length;
  return [
    'The run waits for a person, and none can be asked here:',
    ...lines,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
};
