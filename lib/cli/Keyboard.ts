import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

export interface KeyboardListener {
  changed(): void;
  line(line: string): void;
  /** Ctrl-C, which is no signal while keys are read one by one. */
  interrupt(): void;
  /** Ctrl-D, or the end of the input. */
  closed(): void;
  /** Ctrl-Z: the shell is about to have the terminal for a while. */
  suspended(): void;
}

/** A line that is being typed: what stands before the cursor, and from there on. */
export interface Typed {
  readonly before: string;
  readonly after: string;
}

/** Edits one line after another as readline does, and leaves it to a view to show it. */
export class Keyboard {
  readonly #readline: Interface;

  constructor(listener: KeyboardListener) {
    // What readline would draw itself goes nowhere.
    const nowhere = Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), { columns: 1_000_000 });
    this.#readline = createInterface({
      input: process.stdin,
      output: nowhere,
      terminal: true,
      historySize: 0,
      prompt: '',
    });
    // readline measures the whole line for each key to learn where the cursor is, which nobody wants to know here.
    this.#readline.getCursorPos = () => ({ rows: 0, cols: 1 });
    // While it is false, as for what is pasted, readline puts all at the end of the line, wherever the cursor stands.
    const get = (): boolean => this.#readline.cursor < this.#readline.line.length;
    Object.defineProperty(this.#readline, 'isCompletionEnabled', { get, set() {} });
    this.#readline.on('line', (line) => listener.line(line));
    this.#readline.on('SIGINT', () => listener.interrupt());
    this.#readline.on('SIGTSTP', () => {
      listener.suspended();
      process.stdin.setRawMode(false);
      process.once('SIGCONT', () => {
        process.stdin.setRawMode(true);
        listener.changed();
      });
      process.kill(0, 'SIGTSTP'); // all of the job, as a terminal does
    });
    // Once for all that is pasted.
    let soon: NodeJS.Immediate | undefined;
    const changed = (): void => {
      soon ??= setImmediate(() => {
        soon = undefined;
        listener.changed();
      });
    };
    process.stdin.on('keypress', changed);
    this.#readline.once('close', () => {
      process.stdin.off('keypress', changed);
      listener.closed();
    });
  }

  get typed(): Typed {
    const { line, cursor } = this.#readline;
    return { before: line.slice(0, cursor), after: line.slice(cursor) };
  }

  /** Forgets what was typed. */
  clear(): void {
    this.#readline.write(null, { ctrl: true, name: 'e' });
    this.#readline.write(null, { ctrl: true, name: 'u' });
  }

  close(): void {
    this.#readline.close();
  }
}
