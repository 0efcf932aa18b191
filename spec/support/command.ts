import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The top level of the project. */
export const root = join(import.meta.dirname, '..', '..');

export interface Outcome {
  readonly code: number | null;
  /** Standard output and errors, as they came. */
  readonly text: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The command is killed after this time. @default 60000 */
  readonly timeoutMs?: number;
}

/** Runs a command to its end; a failing one is an outcome, not an error. */
export const command = (file: string, args: readonly string[], options: CommandOptions = {}): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, NODE_V8_COVERAGE: undefined, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs ?? 60_000,
      killSignal: 'SIGKILL',
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });

/** A new folder inside the project, where its packages are found; gone when this process ends. */
export const temporaryFolder = (name: string): string => {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache', `${name}-`));
  folders.push(folder);
  return folder;
};

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
