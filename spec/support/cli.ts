import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { command, root, temporaryFolder } from './command.js';

/** The built program. */
export const main = join(root, 'dist', 'cli', 'main.js');

const lib = join(root, 'lib');
const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const isStale = (): boolean => {
  const built = modified(main);
  return readdirSync(lib, { recursive: true })
    .map(String)
    .some((file) => /\.(?:ts|mjs|json)$/.test(file) && modified(join(lib, file)) > built);
};

const STALE_LOCK_MS = 30_000;

/** Builds dist where it is missing or older than lib; one process builds while others wait for it. */
export const build = async (): Promise<void> => {
  const lock = join(root, '.cache', 'build.lock');
  mkdirSync(dirname(lock), { recursive: true });
  while (existsSync(lock) || isStale()) {
    try {
      mkdirSync(lock);
    } catch {
      if (Date.now() - modified(lock) > STALE_LOCK_MS) rmSync(lock, { recursive: true, force: true });
      await sleep(100);
      continue;
    }
    try {
      if (!isStale()) return;
      const { code, text } = await command(process.execPath, [join(lib, 'build.mjs')]);
      if (code !== 0) throw new Error(text);
    } finally {
      rmdirSync(lock);
    }
  }
};

/** A new folder with these files, gone when this process ends; `outside` of the project, its packages are not found. */
export const project = (files: Readonly<Record<string, string | Uint8Array>>, outside = false): string => {
  const folder = outside ? mkdtempSync(join(tmpdir(), 'rxdag-cli-')) : temporaryFolder('cli');
  if (outside) process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
};

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface StartOptions {
  readonly cwd?: string;
  /** Added to this process's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What standard input holds; nothing by default. */
  readonly input?: string | Uint8Array;
  /** The program is killed after this time, and its code is null. @default 30000 */
  readonly timeoutMs?: number;
}

/** The built program, running, with its output in pipes. */
export class Program {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  out = '';
  err = '';

  constructor(args: readonly string[], { cwd = root, env, input, timeoutMs = 30_000 }: StartOptions = {}) {
    const child = spawn(process.execPath, [main, ...args], {
      cwd,
      env: { ...process.env, NODE_V8_COVERAGE: undefined, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    if (input !== undefined) child.stdin!.on('error', () => undefined).end(input);
    this.#child = child as ChildProcessByStdio<null, Readable, Readable>;
    this.#child.stdout.setEncoding('utf8').on('data', (chunk) => (this.out += chunk));
    this.#child.stderr.setEncoding('utf8').on('data', (chunk) => (this.err += chunk));
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, out: this.out, err: this.err }));
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Nobody reads its standard output any more. */
  closeOutput(): void {
    this.#child.stdout.destroy();
  }

  /** Until its output, of either kind, has what is looked for. */
  async says(what: string | RegExp): Promise<void> {
    const says = (): boolean => [this.out, this.err].some((text) => text.match(what) !== null);
    const until = Date.now() + 20_000;
    while (!says()) {
      if (Date.now() > until || this.#child.exitCode !== null)
        throw new Error(`it never said ${String(what)}, but:\n${this.out}\n${this.err}`);
      await sleep(20);
    }
  }
}

/** Runs the built program to its end. */
export const rxdag = async (args: readonly string[], options: StartOptions = {}): Promise<Ended> => {
  await build();
  return new Program(args, options).ended;
};
