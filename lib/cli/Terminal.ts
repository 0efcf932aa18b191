import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import { styleText } from 'node:util';
import { printable } from '../model/printable.js';
import { inForeground } from './inForeground.js';
import { writeAll } from './writeAll.js';

type Style = Parameters<typeof styleText>[0];

const GONE = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED', 'EOF']);
const GIVE_UP_MS = 200;

/**
 * Where a command writes. It keeps its own hold of standard output, whatever a module puts in its place. Output that
 * nobody reads any more is dropped, and told to `onClosed`; so is what can't be written for another reason, a full disk
 * for one, which is a `fault` and is told on standard error.
 */
export class Terminal {
  readonly #env: NodeJS.ProcessEnv;
  /** Called once when nothing can be written to standard output any more. */
  onClosed: () => void = () => undefined;
  /** Whether output was lost that somebody wanted. */
  hasFault = false;
  /** Set where nobody waits for slow readers any more. */
  isHurried = false;
  #isClosed = false;
  #isErrClosed = false;
  readonly #isFile = isFile(1);
  readonly #isForeground = inForeground();
  readonly #writeOut = process.stdout.write.bind(process.stdout);
  readonly #writeErr = process.stderr.write.bind(process.stderr);

  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.#env = env;
    process.stdout.on('error', (error: NodeJS.ErrnoException) => this.#close(error));
    process.stderr.on('error', () => (this.#isErrClosed = true));
  }

  /** Whether a view can be drawn over and over again: a terminal that understands how. */
  get isLive(): boolean {
    return process.stdout.isTTY && this.#isForeground && this.#env['TERM'] !== 'dumb' && !this.#env['CI'];
  }

  /** Whether a person can be asked: not where the standard input was read to its end already. */
  get canAsk(): boolean {
    return this.isLive && process.stdin.isTTY && process.stdin.readable;
  }

  get columns(): number {
    return Math.max(1, process.stdout.columns || 80);
  }

  get rows(): number {
    return Math.max(1, process.stdout.rows || 24);
  }

  out(text: string): void {
    if (this.#isClosed) return;
    if (!this.#isFile) return void this.#writeOut(text);
    try {
      writeAll(1, text);
    } catch (error) {
      this.#close(error as NodeJS.ErrnoException);
    }
  }

  /** Writes a value as JSON; what could steer a terminal is escaped. */
  json(value: unknown, indent = 0): void {
    this.out(`${JSON.stringify(value, null, indent).split('\n').map(printable).join('\n')}\n`);
  }

  /** From now on only `out` writes to standard output; what anybody else prints there goes to standard error. */
  keepOutput(): void {
    const { stdout, stderr } = process;
    stdout.write = ((...args: Parameters<typeof stderr.write>) => stderr.write(...args)) as typeof stdout.write;
  }

  err(text: string): void {
    if (!this.#isErrClosed) process.stderr.write(text);
  }

  /** Writes lines to standard error; what could steer a terminal is escaped. */
  tell(text: string): void {
    this.err(`${text.split('\n').map(printable).join('\n')}\n`);
  }

  /** Colours a text for standard output, where colours are wanted: NO_COLOR and FORCE_COLOR are heeded. */
  paint(style: Style, text: string): string {
    return this.#hasColour ? styleText(style, text, { validateStream: false }) : text;
  }

  get #hasColour(): boolean {
    const { NO_COLOR, FORCE_COLOR, TERM } = this.#env;
    if (NO_COLOR) return false;
    return (FORCE_COLOR !== undefined && FORCE_COLOR !== '0') || (process.stdout.isTTY && TERM !== 'dumb');
  }

  /** Resolves once what was written has been handed on. */
  async flush(): Promise<void> {
    const { stdout, stderr } = process;
    const written = Promise.all([
      new Promise<void>((done) => (this.#isClosed || stdout.destroyed ? done() : this.#writeOut('', () => done()))),
      new Promise<void>((done) => (this.#isErrClosed || stderr.destroyed ? done() : this.#writeErr('', () => done()))),
    ]);
    await (this.isHurried ? Promise.race([written, new Promise((late) => setTimeout(late, GIVE_UP_MS))]) : written);
  }

  #close(error: NodeJS.ErrnoException): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!GONE.has(error.code ?? '')) {
      this.hasFault = true;
      this.tell(`Standard output can't be written: ${error.message.replace(/^[A-Z]+: |, write$/g, '')}.`);
    }
    this.onClosed();
  }
}

const isFile = (fd: number): boolean => {
  try {
    const stats = fstatSync(fd);
    return stats.isFile() || (stats.isCharacterDevice() && !isatty(fd));
  } catch {
    return false;
  }
};
