#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { printable } from '../model/printable.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { program } from './program.js';
import { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

const terminal = new Terminal();

/** Ends the process, whatever actions may have left open, once all output has gone out. */
const end = async (code: ExitCode): Promise<never> => {
  await terminal.flush();
  process.exit(code);
};

/** Code of the user's that throws where nobody could catch it. */
const crash = (error: unknown): void => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(
    `An error outside of any action or hook ended the run:\n${text.split('\n').map(printable).join('\n')}\n`,
  );
  void end(exitCode.failed);
};

const version = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string })
    .version;

process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

let code: ExitCode = exitCode.success;
try {
  await program(version(), terminal, (ended) => (code = ended)).parseAsync(process.argv);
} catch (error) {
  if (error instanceof UsageError) {
    terminal.err(`${error.message}\n`);
    code = exitCode.usage;
  } else if (error instanceof CommanderError) code = error.exitCode === 0 ? exitCode.success : exitCode.usage;
  else crash(error);
}
await end(code);
