import { cancelRun, pauseRun, type DagRun } from '../index.js';
import { counted } from './eventLine.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * What Ctrl-C does: the first one lets nothing more start and ends the run once what runs has ended, the second aborts
 * what runs, the third ends the process at once. SIGTERM and SIGHUP abort. A run that a database keeps is left paused
 * instead, so that it can be resumed, and the second Ctrl-C leaves at once.
 */
export class Interrupts {
  readonly #run: DagRun;
  readonly #tell: (what: string) => void;
  readonly #leave: () => void;
  /** Whether the run can be gone on with later: then it is paused, not cancelled. */
  readonly #isKept: boolean;
  #count = 0;

  constructor(run: DagRun, isKept: boolean, tell: (what: string) => void, leave: () => void) {
    this.#run = run;
    this.#isKept = isKept;
    this.#tell = tell;
    this.#leave = leave;
    for (const signal of SIGNALS) process.on(signal, this.#hear);
  }

  get isStopping(): boolean {
    return this.#count > 0;
  }

  readonly #hear = (signal: NodeJS.Signals): void => (signal === 'SIGINT' ? this.interrupt() : this.abort());

  interrupt(): void {
    this.#count++;
    if (this.#count === 1) this.#stop();
    else if (this.#count === 2) this.#abort();
    else this.#leave();
  }

  /** As the second Ctrl-C, however often; `silently` where there is nobody to be told. */
  abort(silently = false): void {
    if (this.#count >= 2) return;
    this.#count = 2;
    this.#abort(silently);
  }

  /** Ends the run once nothing runs any more, or when somebody lets it go on all the same. */
  settle(atOnce = false): void {
    if (this.#count === 1 && (atOnce || running(this.#run) === 0)) {
      this.#count = 2;
      if (this.#isKept) this.#leave();
      else void this.#run.dispatch(cancelRun('interrupted'));
    }
  }

  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#hear);
  }

  #abort(silently = false): void {
    if (this.#isKept) return this.#leave();
    if (!silently) this.#tell('Aborting what runs; Ctrl-C again leaves at once');
    void this.#run.dispatch(cancelRun('interrupted'));
  }

  #stop(): void {
    const count = running(this.#run);
    if (count > 0)
      this.#tell(
        `Stopping once ${counted(count, 'running node')} ended; Ctrl-C again ${this.#isKept ? 'leaves at once' : 'aborts'}`,
      );
    void this.#run.dispatch(pauseRun('interrupted')).then(() => this.settle());
  }
}

const running = ({ snapshot: { counts } }: DagRun): number => counts.running + counts.starting;
