import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import stringWidth from 'string-width';

export interface KeyboardListener {
  changed(): void;
  line(line: string): void;
  /** Ctrl-C, which is no signal while keys are read one by one. */
  interrupt(): void;
  /** Ctrl-D, or the end of the input. */
  closed(): void;
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
    this.#readline.on('line', (line) => listener.line(line));
    this.#readline.on('SIGINT', () => listener.interrupt());
    const changed = (): void => listener.changed();
    process.stdin.on('keypress', changed);
    this.#readline.once('close', () => {
      process.stdin.off('keypress', changed);
      listener.closed();
    });
  }

  get typed(): string {
    return this.#readline.line;
  }

  /** In columns. */
  get cursor(): number {
    return stringWidth(this.#readline.line.slice(0, this.#readline.cursor));
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
