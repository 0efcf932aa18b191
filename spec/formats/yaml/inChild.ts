import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Runs a worker of this folder in a process of its own, with a heap of at most 1 GB, and hands over each JSON line that
 * it prints. Rejects if it dies, and tells the last `at` that it printed.
 */
export const inChild = async (
  worker: string,
  args: readonly (string | number)[],
  hear: (message: Record<string, unknown>) => void,
): Promise<void> => {
  let at: unknown = 'the start';
  let errors = '';
  const node = ['--import', import.meta.resolve('tsx'), '--expose-gc', '--max-old-space-size=1024'];
  const child = spawn(process.execPath, [...node, join(import.meta.dirname, worker), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Record<string, unknown>;
    if ('at' in message) at = message['at'];
    else hear(message);
  });
  await new Promise<void>((yes, no) => {
    child.on('error', no);
    child.on('close', (code, signal) =>
      code === 0
        ? yes()
        : no(new Error(`${worker} died (${signal ?? code}) at ${String(at)}: ${errors.slice(-2_000)}`)),
    );
  });
};
