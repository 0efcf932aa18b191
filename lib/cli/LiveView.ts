import { StringDecoder } from 'node:string_decoder';
import stringWidth from 'string-width';
import type { DagRun } from '../index.js';
import { printable } from '../model/printable.js';
import { cutTo, endOf } from './cutTo.js';
import { frame } from './frame.js';
import type { Typed } from './Keyboard.js';
import type { RunWatch } from './RunWatch.js';
import type { Terminal } from './Terminal.js';
import { wrapTo } from './wrapTo.js';

const FRAME_MS = 100;
/** What happens shows at once, but no more often than this. */
const LEAST_MS = 40;
/** So many characters without a line break are shown all the same. */
const UNFINISHED_MAX = 65_536;

/** A line that somebody is typing, and what it answers. */
export interface Prompt extends Typed {
  readonly question: string;
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
  /** Set while the view is away because others have printed lines. */
  #redraw: NodeJS.Immediate | undefined;
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
    process.on('exit', this.#left);
    this.draw();
  }

  /** Shows what has happened, unless it was drawn just now; the next frame comes anyway. */
  hear(): void {
    if (Date.now() - this.#drawnAt >= LEAST_MS) this.draw();
  }

  draw(): void {
    this.#drawnAt = Date.now();
    clearImmediate(this.#redraw);
    this.#redraw = undefined;
    const { columns, rows } = this.#terminal;
    const asked = this.#promptLines(columns, rows);
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
    const all = [...lines, ...asked.lines].slice(-rows);
    const cursor = this.prompt === undefined ? HIDE : SHOW;
    // Cleared before it is written: behind a line as wide as the screen the cursor stands on its last sign.
    const written = all.map((line, i) => (i < all.length - 1 ? CLEAR_LINE : this.#clearFrom()) + line).join('\r\n');
    const toCursor = asked.column > 0 ? `\x1b[${asked.column}C` : '';
    // At once: whoever stops the program finds the terminal as it is between two frames.
    this.#write(`${NO_WRAP}${HIDE}${this.#home()}${written || this.#clearFrom()}\r${toCursor}${cursor}${WRAP}`);
    this.#drawn = all.map((line) => stringWidth(line));
    this.#cursorRow = Math.max(0, all.length - 1);
  }

  /** Takes the view away, and leaves the terminal as it was until it is drawn again. */
  hide(): void {
    this.#clear();
    this.#write(`${SHOW}${WRAP}`);
  }

  close(): void {
    clearInterval(this.#timer);
    clearImmediate(this.#redraw);
    process.stdout.off('resize', this.#resized);
    process.off('exit', this.#left);
    this.hide();
    this.#restore();
    if (this.#unfinished !== '') this.#write(`${this.#unfinished}\n`);
  }

  #promptLines(columns: number, rows: number): { readonly lines: readonly string[]; readonly column: number } {
    if (this.prompt === undefined) return { lines: [], column: 0 };
    const { question, before, after } = this.prompt;
    // A long answer is shown up to where it is being typed; a column is left for the cursor.
    const shown = endOf(printable(before), columns - 3);
    const column = 2 + stringWidth(shown);
    return {
      lines: [
        ...wrapTo(printable(question), columns - 2, Math.max(1, rows - 6)).map(
          (line, i) => `${i === 0 ? this.#terminal.paint('magenta', '?') : ' '} ${line}`,
        ),
        `> ${shown}${cutTo(printable(after), columns - 1 - column)}`,
      ],
      column: Math.min(columns - 1, column),
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
    this.#write(`${this.#home()}${this.#clearFrom()}`);
    this.#drawn = [];
    this.#cursorRow = 0;
  }

  /**
   * Clears from the cursor's line on. What is below the cursor is cleared from there: some terminals keep what is cleared
   * from the first line of the screen, as if it had been scrolled away.
   */
  #clearFrom(): string {
    return this.#terminal.rows > 1 ? `${CLEAR_LINE}${SAVE}${DOWN}\r${CLEAR_BELOW}${BACK}` : CLEAR_LINE;
  }

  readonly #resized = (): void => {
    this.#clear();
    this.draw();
  };

  readonly #left = (): void => this.close();

  #write(text: string): void {
    this.#terminal.out(text);
  }

  #show(lines: string): void {
    this.#clear();
    this.#write(lines.replaceAll(/\r?\n/g, '\r\n'));
    this.#redraw ??= setImmediate(() => this.draw());
  }

  /** Lets whole lines that actions and hooks print appear above the view. */
  #capture(): () => void {
    const streams = [process.stdout, process.stderr].filter(({ isTTY }) => isTTY);
    const writes = streams.map((stream) => stream.write);
    for (const stream of streams) {
      const decoder = new StringDecoder();
      stream.write = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
        const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
        const end = text.lastIndexOf('\n') + 1;
        if (end > 0) {
          this.#show(this.#unfinished + text.slice(0, end));
          this.#unfinished = '';
        }
        this.#unfinished += text.slice(end);
        if (this.#unfinished.length > UNFINISHED_MAX) {
          this.#show(`${this.#unfinished}\n`);
          this.#unfinished = '';
        }
        const done = rest.find((one): one is () => void => typeof one === 'function');
        if (done !== undefined) queueMicrotask(done);
        return true;
      };
    }
    return () => {
      for (const [i, stream] of streams.entries()) stream.write = writes[i]!;
    };
  }
}

const HIDE = '\x1b[?25l';
const SHOW = '\x1b[?25h';
const NO_WRAP = '\x1b[?7l';
const WRAP = '\x1b[?7h';
const SAVE = '\x1b7';
const BACK = '\x1b8';
const DOWN = '\x1b[B';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
