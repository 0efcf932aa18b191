import { styleText } from 'node:util';
import { printable } from '../model/printable.js';

type Style = Parameters<typeof styleText>[0];

/** Where a command writes. Output that nobody reads any more is dropped, and told to `onClosed`. */
export class Terminal {
  readonly #env: NodeJS.ProcessEnv;
  /** Called once when the reader of standard output has gone. */
  onClosed: () => void = () => undefined;
  #isClosed = false;
  #write = (text: string, done?: () => void): unknown => process.stdout.write(text, done);

  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.#env = env;
    for (const stream of [process.stdout, process.stderr])
      stream.on('error', () => {
        if (this.#isClosed) return;
        this.#isClosed = true;
        this.onClosed();
      });
  }

  /** Whether a view can be drawn over and over again: a terminal that understands how. */
  get isLive(): boolean {
    return process.stdout.isTTY && this.#env['TERM'] !== 'dumb' && !this.#env['CI'];
  }

  /** Whether a person can be asked. */
  get canAsk(): boolean {
    return this.isLive && process.stdin.isTTY;
  }

  get columns(): number {
    return Math.max(1, process.stdout.columns || 80);
  }

  get rows(): number {
    return Math.max(1, process.stdout.rows || 24);
  }

  out(text: string): void {
    if (!this.#isClosed) this.#write(text);
  }

  /** From now on only `out` writes to standard output; what anybody else prints there goes to standard error. */
  keepOutput(): void {
    const { stdout, stderr } = process;
    this.#write = stdout.write.bind(stdout);
    stdout.write = ((...args: Parameters<typeof stderr.write>) => stderr.write(...args)) as typeof stdout.write;
  }

  err(text: string): void {
    if (!this.#isClosed) process.stderr.write(text);
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
    if (this.#isClosed) return;
    const { stdout, stderr } = process;
    await Promise.all([
      new Promise<void>((done) => (stdout.destroyed ? done() : this.#write('', done))),
      new Promise<void>((done) => (stderr.destroyed ? done() : stderr.write('', () => done()))),
    ]);
  }
}
