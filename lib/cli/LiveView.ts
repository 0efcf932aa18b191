import stringWidth from 'string-width';
import type { DagRun } from '../index.js';
import { printable } from '../model/printable.js';
import { cutTo } from './cutTo.js';
import { frame } from './frame.js';
import type { RunWatch } from './RunWatch.js';
import type { Terminal } from './Terminal.js';

const FRAME_MS = 100;
/** What happens shows at once, but no more often than this. */
const LEAST_MS = 40;

/** A line that somebody is typing, and what it answers. */
export interface Prompt {
  readonly question: string;
  readonly typed: string;
  /** Where the cursor stands in it, in columns. */
  readonly cursor: number;
}

/** Draws a run in place, ten times a second, until it is closed. What others print meanwhile comes to stand above it. */
export class LiveView {
  readonly #terminal: Terminal;
  readonly #run: DagRun;
  readonly #watch: RunWatch;
  readonly #timer: NodeJS.Timeout;
  readonly #restore: () => void;
  /** The widths of the lines that stand on the screen, and how far below the first the cursor is. */
  #drawn: readonly number[] = [];
  #cursorRow = 0;
  #drawnAt = 0;
  /** What others have printed without a line break yet. */
  #unfinished = '';
  prompt: Prompt | undefined;
  /** Said while the run is being stopped. */
  stopping: string | undefined;

  constructor(terminal: Terminal, run: DagRun, watch: RunWatch) {
    this.#terminal = terminal;
    this.#run = run;
    this.#watch = watch;
    this.#restore = this.#capture();
    this.#timer = setInterval(() => this.draw(), FRAME_MS);
    process.stdout.on('resize', this.#resized);
    process.on('exit', this.#leave);
    this.draw();
  }

  /** Shows what has happened, unless it was drawn just now; the next frame comes anyway. */
  hear(): void {
    if (Date.now() - this.#drawnAt >= LEAST_MS) this.draw();
  }

  draw(): void {
    this.#drawnAt = Date.now();
    const { columns, rows } = this.#terminal;
    const asked = this.#promptLines(columns);
    const room = rows - 1 - asked.lines.length; // the last row stays free, so that nothing ever scrolls
    const lines =
      room < 1
        ? []
        : frame(
            this.#watch,
            this.#run.snapshot,
            Date.now(),
            { columns, rows: room },
            (style, text) => this.#terminal.paint(style, text),
            this.stopping,
          );
    const all = [...lines, ...asked.lines];
    const cursor = this.prompt === undefined ? HIDE : SHOW;
    this.#write(`${NO_WRAP}${HIDE}${this.#home()}${all.map((line) => CLEAR_LINE + line).join('\r\n')}${CLEAR_BELOW}`);
    this.#drawn = all.map((line) => stringWidth(line));
    this.#cursorRow = Math.max(0, all.length - 1);
    this.#write(`\r${asked.column > 0 ? `\x1b[${asked.column}C` : ''}${cursor}${WRAP}`);
  }

  /** Takes the view away and leaves the terminal as it was. */
  close(): void {
    clearInterval(this.#timer);
    process.stdout.off('resize', this.#resized);
    process.off('exit', this.#leave);
    this.#clear();
    this.#leave();
    this.#restore();
    if (this.#unfinished !== '') this.#write(`${this.#unfinished}\n`);
  }

  #promptLines(columns: number): { readonly lines: readonly string[]; readonly column: number } {
    if (this.prompt === undefined) return { lines: [], column: 0 };
    const { question, typed, cursor } = this.prompt;
    const width = Math.max(1, columns - 3);
    // A long answer is shown from where it is being typed.
    const from = Math.max(0, cursor - width + 1);
    const shown =
      from === 0 ? cutTo(printable(typed), width) : `…${cutTo(printable(typed.slice(from + 1)), width - 1)}`;
    return {
      lines: [this.#terminal.paint('magenta', '?') + cutTo(` ${printable(question)}`, columns - 1), `> ${shown}`],
      column: Math.min(columns - 1, 2 + cursor - from),
    };
  }

  /** To the first line of what stands there, however the terminal may have wrapped it since. */
  #home(): string {
    const columns = this.#terminal.columns;
    let up = 0;
    for (const [row, width] of this.#drawn.entries())
      if (row < this.#cursorRow) up += Math.max(1, Math.ceil(width / columns));
    return `\r${up > 0 ? `\x1b[${Math.min(up, this.#terminal.rows - 1)}A` : ''}`;
  }

  #clear(): void {
    this.#write(`${this.#home()}${CLEAR_BELOW}`);
    this.#drawn = [];
    this.#cursorRow = 0;
  }

  readonly #resized = (): void => {
    this.#clear();
    this.draw();
  };

  readonly #leave = (): void => this.#write(`${SHOW}${WRAP}`);

  #write: (text: string) => void = (text) => this.#terminal.out(text);

  /** Lets whole lines that actions and hooks print appear above the view. */
  #capture(): () => void {
    const streams = [process.stdout, process.stderr];
    const writes = streams.map((stream) => stream.write.bind(stream));
    const draw = writes[0]!;
    this.#write = (text) => void draw(text);
    for (const stream of streams)
      stream.write = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
        this.#unfinished += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
        const end = this.#unfinished.lastIndexOf('\n') + 1;
        if (end > 0) {
          this.#clear();
          this.#write(this.#unfinished.slice(0, end).replaceAll(/\r?\n/g, '\r\n'));
          this.#unfinished = this.#unfinished.slice(end);
          this.draw();
        }
        const done = rest.find((one): one is () => void => typeof one === 'function');
        if (done !== undefined) queueMicrotask(done);
        return true;
      };
    return () => {
      for (const [i, stream] of streams.entries()) stream.write = writes[i]!;
      this.#write = (text) => this.#terminal.out(text);
    };
  }
}

const HIDE = '\x1b[?25l';
const SHOW = '\x1b[?25h';
const NO_WRAP = '\x1b[?7l';
const WRAP = '\x1b[?7h';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
