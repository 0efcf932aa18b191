import type { Command } from 'commander';
import type { CoordinateCommandOptions } from './coordinateCommand.js';
import type { ExitCode } from './exitCode.js';
import { atLeast, many, needed, redis } from './options.js';
import type { SubmitCommandOptions } from './submitCommand.js';
import type { Terminal } from './Terminal.js';

const unset = { actions: [], hooks: [], dag: [], input: [], inputs: [] };

/** The commands for runs that no single process has. */
export const coordinatorProgram = (rxdag: Command, terminal: Terminal, ended: (code: ExitCode) => void): void => {
  rxdag
    .command('submit')
    .description('hand a pipeline to the coordinators of a Redis, and print the name of its run')
    .argument('<file>', 'a pipeline in YAML or JSON; - is standard input')
    .addOption(redis())
    .addOption(many('-a, --actions <module>', 'check the names of actions against this module'))
    .addOption(many('-i, --input <key=value>', 'an input of the run; JSON where the value is JSON, else text'))
    .addOption(many('--inputs <file>', 'a JSON file with inputs by name'))
    .option('-p, --parallel <n>', 'how many nodes may run at once (default: what the file says, else 3)', atLeast(1))
    .option('--run-id <id>', 'the name of this run (default: a generated one)')
    .option('-f, --follow', 'show what happens, until the run has ended')
    .option('--json', 'write lines of JSON')
    .addHelpText(
      'after',
      `
The run waits until a coordinator (rxdag coordinate) takes it; it knows the actions that the pipeline names.

Examples:
  rxdag submit pipeline.yaml --redis redis://127.0.0.1:6379 --input day=2026-01-01
  rxdag submit pipeline.yaml --redis redis://127.0.0.1:6379 --follow`,
    )
    .action(async (file: string, options: Partial<SubmitCommandOptions> & { readonly redis: string }) => {
      const { submitCommand } = await import('./submitCommand.js');
      ended(await submitCommand(file, { ...unset, ...options }, terminal));
    });

  rxdag
    .command('coordinate')
    .description('run what is submitted to a Redis, and go on with runs whose process has died')
    .addOption(redis())
    .addOption(needed(many('-a, --actions <module>', 'the module that exports the actions: a path, or a package')))
    .addOption(many('-k, --hooks <module>', 'a module that exports hooks, for every run'))
    .addOption(many('--dag <file>', 'another pipeline, for nodes of the action "dag"'))
    .option('--key-file <file>', 'a file with the key that jobs are signed with (default: RXDAG_KEY)')
    .option('--runs <n>', 'how many runs it has at once (default: 100)', atLeast(1))
    .option(
      '--lease-seconds <n>',
      'how long a run stays with a coordinator of which nothing is heard (default: 10)',
      atLeast(1),
    )
    .option('--json', 'write each change as a line of JSON')
    .addHelpText(
      'after',
      `
Any number of coordinators may share a Redis: each run is with one of them, and when that one dies another goes on with
it. Nodes with "placement: pool:NAME" run on the workers of that pool (rxdag worker), all others in this process.

Examples:
  rxdag coordinate --redis redis://127.0.0.1:6379 --actions actions.mjs
  rxdag coordinate --redis redis://127.0.0.1:6379 --actions actions.mjs --hooks hooks.mjs --json`,
    )
    .action(async (options: Partial<CoordinateCommandOptions> & { readonly redis: string }) => {
      const { coordinateCommand } = await import('./coordinateCommand.js');
      ended(await coordinateCommand({ ...unset, ...options }, terminal));
    });
};
