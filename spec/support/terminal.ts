import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether there is a tmux, in which programs can be shown. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** One server for this process, with a socket of its own and nobody's settings; it ends with the process. */
const server = (): readonly string[] => {
  if (started.length > 0) return started;
  const home = mkdtempSync(join(tmpdir(), 'rxdag-tmux-'));
  started.push('-u', '-S', join(home, 'socket'), '-f', '/dev/null');
  process.once('exit', () => {
    spawnSync('tmux', [...started, 'kill-server']);
    rmSync(home, { recursive: true, force: true });
  });
  return started;
};
const started: string[] = [];

/** The words of a command, then arguments that may hold spaces. */
const tmux = (command: string, ...rest: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) =>
    execFile('tmux', [...server(), ...command.split(' '), ...rest], (error, out) =>
      error === null ? resolve(out) : reject(error),
    ),
  );

export interface TerminalOptions {
  /** @default 80 */
  readonly columns?: number;
  /** @default 24 */
  readonly rows?: number;
  readonly cwd: string;
  /** Over PATH, HOME, a UTF-8 locale and TERM; there is nothing else. @default {} */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a terminal knows beside the text on its screen. */
export interface TerminalState {
  /** From 0. */
  readonly cursor: readonly [column: number, row: number];
  readonly isCursorVisible: boolean;
  /** Whether a long line goes on in the next row. */
  readonly wraps: boolean;
  readonly title: string;
  /** How many lines have left the screen at its top. */
  readonly scrolled: number;
}

/** How long a screen may take to look as it should, unless told otherwise. */
const LIMIT_MS = 15_000;
/** After this time the shell ends, and with it what runs in it, should nobody be left to end it. */
const LIFE_SECONDS = 240;
let count = 0;

/** A bash in a real pseudo-terminal, with `$ ` as its prompt. */
export class Terminal {
  readonly #name = `t${++count}`;

  static async open({ columns = 80, rows = 24, cwd, env = {} }: TerminalOptions): Promise<Terminal> {
    const terminal = new Terminal();
    const all = { PATH: process.env['PATH'] ?? '', HOME: cwd, LC_ALL: 'C.UTF-8', TERM: 'screen-256color', ...env };
    const shell = ['timeout', '--foreground', '-s', 'KILL', String(LIFE_SECONDS), 'bash', '--norc', '--noprofile'];
    const set = Object.entries({ ...all, PS1: '$ ', HISTFILE: '' }).map(([key, value]) => `${key}=${value}`);
    const size = `-x ${columns} -y ${rows}`;
    // Keeps the server up between two terminals, and no longer.
    if (count === 1) await tmux(`new-session -d -s base sleep ${10 * LIFE_SECONDS}`);
    await tmux(`new-session -d -s ${terminal.#name} ${size} -c`, cwd, 'env', '-i', ...set, ...shell);
    await tmux('set -g status off');
    await terminal.until(/^\$/m);
    return terminal;
  }

  /** Presses keys by the names that tmux has for them: `Enter`, `C-c`, `Left`, `BSpace`. */
  async press(...keys: readonly string[]): Promise<void> {
    await tmux(`send-keys -t ${this.#name}`, ...keys);
  }

  async type(text: string): Promise<void> {
    await tmux(`send-keys -t ${this.#name} -l --`, text);
  }

  /** Types a command line and presses Enter. */
  async run(line: string): Promise<void> {
    await this.type(line);
    await this.press('Enter');
  }

  /** The rows of the screen, without what is empty at their ends. */
  async lines(): Promise<string[]> {
    return (await tmux(`capture-pane -p -t ${this.#name}`)).replace(/\n$/, '').split('\n');
  }

  async text(): Promise<string> {
    return (await this.lines()).join('\n');
  }

  /** The screen and what has left it at its top, with the codes that colour it. */
  async coloured(): Promise<string> {
    return tmux(`capture-pane -p -e -S - -t ${this.#name}`);
  }

  /** What has left the screen at its top, and the screen. */
  async all(): Promise<string> {
    return tmux(`capture-pane -p -S - -t ${this.#name}`);
  }

  async state(): Promise<TerminalState> {
    const format = '#{cursor_x} #{cursor_y} #{cursor_flag} #{wrap_flag} #{history_size} #{pane_title}';
    const [x, y, visible, wraps, scrolled, ...title] = (await tmux(`display -p -t ${this.#name}`, format))
      .trimEnd()
      .split(' ');
    return {
      cursor: [Number(x), Number(y)],
      isCursorVisible: visible === '1',
      wraps: wraps === '1',
      scrolled: Number(scrolled),
      title: title.join(' '),
    };
  }

  async resize(columns: number, rows: number): Promise<void> {
    await tmux(`resize-window -t ${this.#name} -x ${columns} -y ${rows}`);
  }

  /** The screen, as soon as it has what is looked for. */
  async until(what: RegExp | ((text: string) => boolean), limitMs = LIMIT_MS): Promise<string> {
    const isThere = typeof what === 'function' ? what : (text: string): boolean => what.test(text);
    const end = Date.now() + limitMs;
    for (;;) {
      const text = await this.text();
      if (isThere(text)) return text;
      if (Date.now() > end) throw new Error(`The screen never had ${String(what)}:\n${text.trimEnd()}`);
      await sleep(30);
    }
  }

  /** Ends the shell, and what runs in it. */
  async close(): Promise<void> {
    await tmux(`kill-session -t ${this.#name}`);
  }
}
