import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Ask } from './askPerson.js';
import { printable } from './printable.js';

/**
 * Asks on the terminal, on standard error so that standard output can go elsewhere. Enter alone is a yes; where nobody can
 * answer any more (Ctrl-D) it is a no. Ctrl-C aborts the controller.
 */
export const askAtTerminal =
  (controller: AbortController): Ask =>
  async (question) => {
    const { signal } = controller;
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    terminal.once('SIGINT', () => {
      process.stderr.write('\n');
      controller.abort();
    });
    const closed = once(terminal, 'close').then(() => CLOSED);
    try {
      process.stderr.write(`\n${printable(question)}\n`);
      const said = await Promise.race([terminal.question('[yes] ', { signal }), closed]);
      return said.trim() === '' ? 'yes' : said;
    } catch {
      if (signal.aborted) return undefined;
      process.stderr.write('\n');
      return CLOSED;
    } finally {
      terminal.close();
    }
  };

const CLOSED = 'no, the input was closed';
