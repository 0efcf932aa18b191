#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { closeAll } from './closedAtEnd.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { program } from './program.js';
import { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

const terminal = new Terminal();
let isOver = false;

/** Ends the process, whatever actions may have left open, once all output has gone out and databases are closed. */
const end = async (code: ExitCode): Promise<never> => {
  await terminal.flush();
  await closeAll();
  isOver = true;
  process.exit(terminal.hasFault ? exitCode.failed : code);
};

/** Code of the user's that throws where nobody could catch it. */
const crash = async (error: unknown): Promise<never> => {
  const { failureOf } = await import('../model/Failure.js');
  const { message, stack = message } = failureOf(error);
  terminal.tell(`An error outside of any action or hook ended the run:\n${stack}`);
  return end(exitCode.failed);
};

/** Code of the user's that ends the process must not look like a success. */
const left = (code: number): void => {
  if (isOver) return;
  terminal.tell(
    `An action, a hook or a module ended the process with process.exit(${code}) before the command was done.`,
  );
  process.exitCode = exitCode.failed;
};

const version = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string })
    .version;

process.on('uncaughtException', (error) => void crash(error));
process.on('unhandledRejection', (error) => void crash(error));
process.on('exit', left);

let code: ExitCode = exitCode.success;
try {
  await program(version(), terminal, (ended) => (code = ended)).parseAsync(process.argv);
} catch (error) {
  if (error instanceof UsageError) {
    terminal.tell(error.message);
    code = exitCode.usage;
  } else if (error instanceof CommanderError) code = error.exitCode === 0 ? exitCode.success : exitCode.usage;
  else await crash(error);
}
await end(code);
