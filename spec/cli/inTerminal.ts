import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { build, main, project } from '../support/cli.js';
import { skip } from '../support/skip.js';
import { Terminal, hasTmux, type TerminalOptions } from '../support/terminal.js';

interface TerminalSuite {
  (name: string, body: () => Promise<void>): void;
  run(): void;
}

/** A suite whose tests need terminals, which it closes; where there are none it is left out, and says so in one line. */
export const terminalSuite = (name: string): TerminalSuite => {
  const test = suite(name);
  if (hasTmux) test.after.each(closeAll);
  else skip(test, name, 'there is no tmux');
  const define = (what: string, body: () => Promise<void>): void => void (hasTmux && test(what, body));
  return Object.assign(define, { run: () => test.run() });
};

export interface Watched {
  readonly screen: Terminal;
  /** Lets the node `hold` end. */
  readonly go: () => void;
  /** Until the command has ended and the shell is back; gives the screen. */
  readonly ended: (code: number) => Promise<string>;
}

/** Starts `./r`, which is `rxdag run p.yaml --actions a.mjs`, in a terminal where something has been printed before. */
export const inTerminal = async (
  files: Readonly<Record<string, string>>,
  { line = './r', ...options }: Partial<TerminalOptions> & { readonly line?: string } = {},
): Promise<Watched> => {
  await build();
  const cwd = project({ 'a.mjs': 'export const idle = () => undefined;', ...files });
  writeFileSync(join(cwd, 'r'), `exec "${process.execPath}" "${main}" run p.yaml --actions a.mjs "$@"\n`);
  chmodSync(join(cwd, 'r'), 0o755);
  const screen = await Terminal.open({ cwd, ...options });
  open.add(screen);
  await screen.run('echo old');
  await screen.until(/^old$/m);
  await screen.run(`${line}; echo "=$?"`);
  return {
    screen,
    go: () => writeFileSync(join(cwd, 'go'), ''),
    ended: async (code) => {
      const text = await screen.until(/^=\d+\n\$/m);
      assert.is(/^=(\d+)\n\$/m.exec(text)?.[1], String(code), text);
      return text;
    },
  };
};

const open = new Set<Terminal>();

const closeAll = async (): Promise<void> => {
  for (const screen of open) await screen.close();
  open.clear();
};

/** As it was before anything was drawn: the cursor shows, and long lines go on in the next row. */
export const isAsBefore = async (screen: Terminal): Promise<void> => {
  const { isCursorVisible, wraps, cursor } = await screen.state();
  assert.is(isCursorVisible, true, 'the cursor shows');
  assert.is(wraps, true, 'long lines wrap');
  assert.is(cursor[0], 2, 'the prompt stands at the beginning of a line');
};
