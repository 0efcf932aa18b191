import { Argument, Command, Option } from 'commander';
import type { ExitCode } from './exitCode.js';
import type { GraphFormat } from './graphCommand.js';
import type { RunCommandOptions } from './runCommand.js';
import type { Shell } from './completionScript.js';
import type { SimulateCommandOptions } from './simulateCommand.js';
import { atLeast, many, viewer, viewerPort } from './options.js';
import { storedProgram } from './storedProgram.js';
import { coordinatorProgram } from './coordinatorProgram.js';
import { fleetProgram } from './fleetProgram.js';
import type { Terminal } from './Terminal.js';

const unset = { actions: [], hooks: [], input: [], inputs: [], dag: [], answer: [] };

/** The command line. What a command needs beyond this is loaded only when it is called. */
export const program = (version: string, terminal: Terminal, ended: (code: ExitCode) => void): Command => {
  const rxdag = new Command('rxdag')
    .description('Runs pipelines: directed acyclic graphs of actions, many at once, steered by hooks.')
    .version(version)
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Examples:
  rxdag run pipeline.yaml --actions actions.mjs --input n=21
  rxdag run pipeline.yaml --actions actions.mjs --hooks hooks.mjs --parallel 8
  rxdag validate pipeline.yaml
  rxdag graph pipeline.yaml --format svg > pipeline.svg

Exit codes: 0 success, 1 the run failed, 2 wrong use or invalid input, 3 waiting for a person, 130 interrupted.`,
    );

  rxdag
    .command('run')
    .description('run a pipeline file and show what happens')
    .argument('<file>', 'a pipeline in YAML or JSON; - is standard input')
    .addOption(many('-a, --actions <module>', 'the module that exports the actions: a path, or a package'))
    .addOption(many('-k, --hooks <module>', 'a module that exports hooks'))
    .addOption(many('-i, --input <key=value>', 'an input of the run; JSON where the value is JSON, else text'))
    .addOption(many('--inputs <file>', 'a JSON file with inputs by name'))
    .option('-p, --parallel <n>', 'how many nodes may run at once (default: what the file says, else 3)', atLeast(1))
    .addOption(
      new Option(
        '--db <file>',
        'keep the run in this database, so that it can be resumed; learn from it how long nodes take; keep results of nodes with "cache"',
      ).env('RXDAG_DB'),
    )
    .option('--no-cache', 'run nodes again whose results the database keeps')
    .addOption(
      new Option(
        '--remote <url>',
        'run nodes with "placement: pool:NAME" on the workers of this Redis, and keep the run there unless --db says where',
      ).env('RXDAG_REMOTE'),
    )
    .option('--key-file <file>', 'a file with the key that jobs are signed with (default: RXDAG_KEY)')
    .option('--run-id <id>', 'the name of this run (default: a generated one)')
    .addOption(many('--dag <file>', 'another pipeline, for nodes of the action "dag"'))
    .addOption(many('--answer <node=value>', 'the answer for a node that waits for human input'))
    .option('-n, --dry-run', 'show the order, the levels and the critical path; run nothing')
    .addOption(viewer())
    .addOption(viewerPort())
    .option('--json', 'write each event as a line of JSON')
    .option('-q, --quiet', 'write nothing but what went wrong')
    .addHelpText(
      'after',
      `
A module of actions exports functions, actions made by action(), or a list of them as "actions". A module is code: it is
run with all that you may do. A terminal shows the run in place and asks for human input; anywhere else each event is a
line. Ctrl-C lets what runs end and starts nothing more; a second Ctrl-C aborts. With --db the run is left paused instead,
and the command that goes on with it is printed; a second Ctrl-C then leaves at once.

With --viewer the page stays until Ctrl-C where a terminal shows the run; anywhere else it ends with the run. RXDAG_TOKEN in
the environment is the token in its address (rxdag serve --help).

Examples:
  rxdag run pipeline.yaml --actions actions.mjs --input num1=10 --input num2=20
  rxdag run pipeline.yaml --actions actions.mjs --inputs inputs.json --json > events.jsonl
  rxdag run pipeline.yaml --actions actions.mjs --dry-run
  rxdag run release.yaml --actions actions.mjs --answer approve=yes`,
    )
    .action(async (file: string, options: Partial<RunCommandOptions>) => {
      const { runCommand } = await import('./runCommand.js');
      ended(await runCommand(file, { ...unset, ...options }, terminal));
    });

  rxdag
    .command('validate')
    .description('tell all that is wrong with pipeline files, each with its place')
    .argument('<files...>', 'pipelines in YAML or JSON')
    .addOption(many('-a, --actions <module>', 'check the names of actions against this module'))
    .addHelpText(
      'after',
      `
Examples:
  rxdag validate pipeline.yaml
  rxdag validate pipelines/*.yaml --actions actions.mjs`,
    )
    .action(async (files: readonly string[], options: { readonly actions?: readonly string[] }) => {
      const { validateCommand } = await import('./validateCommand.js');
      ended(await validateCommand(files, options.actions ?? [], terminal));
    });

  rxdag
    .command('graph')
    .description('write a pipeline as a graph for other tools')
    .argument('<file>', 'a pipeline in YAML or JSON; - is standard input')
    .addOption(
      new Option('-f, --format <format>', 'what to write').choices(['dot', 'mermaid', 'svg', 'json']).default('dot'),
    )
    .addHelpText(
      'after',
      `
Examples:
  rxdag graph pipeline.yaml --format svg > pipeline.svg
  rxdag graph pipeline.yaml --format dot | dot -Tpdf > pipeline.pdf
  rxdag graph pipeline.yaml --format mermaid`,
    )
    .action(async (file: string, options: { readonly format: GraphFormat }) => {
      const { graphCommand } = await import('./graphCommand.js');
      ended(await graphCommand(file, options, terminal));
    });

  rxdag
    .command('simulate')
    .description('tell how long a pipeline takes, by its estimates, with so many slots; runs nothing')
    .argument('<file>', 'a pipeline in YAML or JSON, or a trace in WfFormat 1.5; - is standard input')
    .option('-p, --parallel <n>', 'how many nodes may run at once (default: what the file says, else 3)', atLeast(1))
    .option('--db <file>', 'nodes without an estimate take as long as they did in the runs of this database')
    .option('--gantt <file>', 'write a Gantt chart in SVG')
    .option('--chrome-trace <file>', 'write a trace for Perfetto')
    .option('--json', 'write one line of JSON')
    .addHelpText(
      'after',
      `
Shows the makespan beside bounds that no schedule beats and beside first come, first served; how well the slots are used,
how long nodes wait for one, and how many are enough. It is as if every node succeeded at its first attempt and every
condition were met; a for_each or a sub-DAG is one node.

Examples:
  rxdag simulate pipeline.yaml --parallel 8
  rxdag simulate trace.json --parallel 16 --gantt gantt.svg --chrome-trace trace.out.json
  rxdag simulate pipeline.yaml --parallel 4 --json`,
    )
    .action(async (file: string, options: SimulateCommandOptions) => {
      const { simulateCommand } = await import('./simulateCommand.js');
      ended(await simulateCommand(file, options, terminal));
    });

  rxdag
    .command('completion')
    .description('write a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'for which shell').choices(['bash', 'zsh']))
    .addHelpText(
      'after',
      `
Examples:
  source <(rxdag completion bash)
  rxdag completion zsh > "\${fpath[1]}/_rxdag"`,
    )
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./completionScript.js');
      terminal.out(completionScript(rxdag, shell));
      ended(0);
    });

  storedProgram(rxdag, terminal, ended);
  coordinatorProgram(rxdag, terminal, ended);
  fleetProgram(rxdag, terminal, ended);

  rxdag
    .command('help')
    .description('display help for command')
    .usage('[command]')
    .argument('[command]')
    .helpOption(false)
    .action(async (name: string | undefined) => {
      // A command that does not exist is told as anywhere else.
      const isUnknown = name !== undefined && rxdag.commands.every((command) => command.name() !== name);
      const asked = name === undefined || name === 'help' ? [] : [name];
      await rxdag.parseAsync(isUnknown ? asked : [...asked, '--help'], { from: 'user' });
    });

  for (const command of [rxdag, ...rxdag.commands])
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.tell(text.trimEnd()) })
      .showHelpAfterError(`(${command === rxdag ? 'rxdag' : `rxdag ${command.name()}`} --help shows how it is used)`);
  return rxdag;
};
