import { Option, type Command } from 'commander';
import type { ExitCode } from './exitCode.js';
import type { ExportFormat } from './exportCommand.js';
import type { ForkCommandOptions, RerunCommandOptions } from './forkCommand.js';
import { atLeast, checkNeeded, days, host, many, needed, port, seq, viewer, viewerPort } from './options.js';
import type { PruneCommandOptions } from './pruneCommand.js';
import type { ResumeCommandOptions } from './resumeCommand.js';
import type { RunsCommandOptions } from './runsCommand.js';
import type { ServeCommandOptions } from './serveCommand.js';
import type { ShowCommandOptions } from './showCommand.js';
import type { Terminal } from './Terminal.js';

const unset = { actions: [], hooks: [], dag: [], answer: [], input: [], inputs: [], again: [], from: [] };

const db = (): Option =>
  needed(new Option('--db <file>', 'the database of runs, or the address of a Redis that has them').env('RXDAG_DB'));

const statuses = ['running', 'paused', 'quiescent', 'cancelling', 'succeeded', 'failed', 'cancelled'];

const AGAIN: readonly [string, string] = ['a redacted input of the run, given again', 'a JSON file with such inputs'];

/** What goes on with a run takes the code that it began with, unless other code is named. */
const goingOn = (command: Command, [input, files] = AGAIN): Command =>
  command
    .addOption(db())
    .addOption(many('-a, --actions <module>', 'actions instead of those that the run remembers'))
    .addOption(many('-k, --hooks <module>', 'hooks instead of those that the run remembers'))
    .addOption(many('--dag <file>', 'other pipelines instead of those that the run remembers'))
    .addOption(many('-i, --input <key=value>', input))
    .addOption(many('--inputs <file>', files))
    .addOption(many('--answer <node=value>', 'the answer for a node that waits for human input'))
    .option('--no-cache', 'run nodes again whose results the database keeps')
    .addOption(
      new Option('--remote <url>', 'run nodes with "placement: pool:NAME" on the workers of this Redis').env(
        'RXDAG_REMOTE',
      ),
    )
    .option('--key-file <file>', 'a file with the key that jobs are signed with (default: RXDAG_KEY)')
    .addOption(viewer())
    .addOption(viewerPort())
    .option('--json', 'write each event as a line of JSON')
    .option('-q, --quiet', 'write nothing but what went wrong');

/** The commands on runs that a database keeps. */
export const storedProgram = (rxdag: Command, terminal: Terminal, ended: (code: ExitCode) => void): void => {
  rxdag.hook('preAction', (_, called) => checkNeeded(called));

  rxdag
    .command('runs')
    .description('list the runs of a database')
    .addOption(db())
    .addOption(new Option('--status <status>', 'only runs of this status').choices(statuses))
    .option('--name <pipeline>', 'only runs of this pipeline')
    .option('--json', 'write each run as a line of JSON')
    .addHelpText('after', `\nExamples:\n  rxdag runs --db runs.db\n  rxdag runs --db runs.db --status failed --json`)
    .action(async (options: RunsCommandOptions) => {
      const { runsCommand } = await import('./runsCommand.js');
      ended(await runsCommand(options, terminal));
    });

  rxdag
    .command('show')
    .description('show a stored run as it is now')
    .argument('<run>', 'its id')
    .addOption(db())
    .option('-f, --follow', 'show what happened and what happens, until the run has ended')
    .option('--json', 'write its whole state as JSON, or with --follow each event')
    .addHelpText(
      'after',
      `\nExamples:\n  rxdag show nightly-7 --db runs.db\n  rxdag show nightly-7 --db redis://127.0.0.1:6379 --follow`,
    )
    .action(async (run: string, options: ShowCommandOptions & { readonly follow?: boolean }) => {
      if (options.follow === true) {
        const { tailCommand } = await import('./tailCommand.js');
        return ended(await tailCommand(run, options, terminal));
      }
      const { showCommand } = await import('./showCommand.js');
      ended(await showCommand(run, options, terminal));
    });

  goingOn(rxdag.command('resume'))
    .description('go on with a run whose process has ended, or that was paused or interrupted')
    .argument('<run>', 'its id')
    .option('--take-over', 'also if another process seems to have it; what that one still writes is refused')
    .addHelpText(
      'after',
      `\nExamples:\n  rxdag resume nightly-7 --db runs.db\n  rxdag resume nightly-7 --db runs.db --viewer        in a page, which can steer it\n  rxdag resume nightly-7 --db runs.db --take-over`,
    )
    .action(async (run: string, options: ResumeCommandOptions) => {
      const { resumeCommand } = await import('./resumeCommand.js');
      ended(await resumeCommand(run, { ...unset, ...options }, terminal));
    });

  goingOn(rxdag.command('answer'))
    .description('answer a node that waits for a person, and go on with its run')
    .argument('<run>', "the run's id")
    .argument('<node>', 'the node that waits')
    .argument('<value>', 'the answer; JSON where it is JSON, else text')
    .option('--take-over', 'also if another process has the run; what that one still writes is refused')
    .addHelpText(
      'after',
      `\nExamples:\n  rxdag show release-3 --db runs.db                        what is asked, and of which node\n  rxdag answer release-3 approve yes --db runs.db\n  rxdag answer release-3 review '{"ok": true, "by": "Ada"}' --db runs.db`,
    )
    .action(async (run: string, node: string, value: string, options: ResumeCommandOptions) => {
      const { answerCommand } = await import('./resumeCommand.js');
      ended(await answerCommand(run, node, value, { ...unset, ...options }, terminal));
    });

  goingOn(rxdag.command('rerun'))
    .description('begin another run that runs again what failed, or certain nodes, and all that depends on them')
    .argument('<run>', 'the run to begin with')
    .option('--failed', 'run again what failed; of a list or a sub-DAG only the parts that did')
    .addOption(many('--from <node>', "run this node again, an item's is 'ID[0]'"))
    .option('--run-id <id>', 'the name of the new run (default: a generated one)')
    .addHelpText(
      'after',
      `\nExamples:\n  rxdag rerun nightly-7 --failed --db runs.db\n  rxdag rerun nightly-7 --from load --db runs.db\n\nWhat runs again is not served from kept results; all else is as it was.`,
    )
    .action(async (run: string, options: RerunCommandOptions) => {
      const { rerunCommand } = await import('./forkCommand.js');
      ended(await rerunCommand(run, { ...unset, ...options }, terminal));
    });

  goingOn(rxdag.command('fork'), [
    'another value for an input, or a redacted one again',
    'a JSON file with such inputs',
  ])
    .description('begin another run with what a stored one had come to; only what rests on a change runs again')
    .argument('<run>', 'the run to begin with')
    .option('--at <event>', 'the last event to begin with (default: all of them)', seq)
    .addOption(many('--again <node>', 'run this node again, with all that depends on it'))
    .option('--run-id <id>', 'the name of the new run (default: a generated one)')
    .addHelpText(
      'after',
      `\nExamples:\n  rxdag fork nightly-7 --input day=2024-05-02 --db runs.db   what reads the input runs again, and what rests on that\n  rxdag fork nightly-7 --again load --db runs.db             a node again, with all that depends on it\n  rxdag fork nightly-7 --at 120 --db runs.db                 what came after event 120 (rxdag export) again`,
    )
    .action(async (run: string, options: ForkCommandOptions) => {
      const { forkCommand } = await import('./forkCommand.js');
      ended(await forkCommand(run, { ...unset, ...options }, terminal));
    });

  rxdag
    .command('replay')
    .description('show a stored run as it was after one of its events')
    .argument('<run>', 'its id')
    .addOption(db())
    .addOption(needed(new Option('--at <event>', 'the seq of the event').argParser(seq)))
    .option('--json', 'write the state as JSON, also to a terminal')
    .addHelpText('after', `\nExamples:\n  rxdag replay nightly-7 --at 120 --db runs.db`)
    .action(async (run: string, options: ShowCommandOptions & { readonly at: number }) => {
      const { replayCommand } = await import('./showCommand.js');
      ended(await replayCommand(run, options, terminal));
    });

  rxdag
    .command('diff')
    .description('tell in what two stored runs differ')
    .argument('<a>', 'a run')
    .argument('<b>', 'another one')
    .addOption(db())
    .option('--json', 'write it as JSON')
    .addHelpText('after', `\nExamples:\n  rxdag diff nightly-7 nightly-8 --db runs.db`)
    .action(async (a: string, b: string, options: { readonly db: string; readonly json?: boolean }) => {
      const { diffCommand } = await import('./diffCommand.js');
      ended(await diffCommand(a, b, options, terminal));
    });

  rxdag
    .command('serve')
    .description('show the runs of a database in a browser, also those that go on')
    .addOption(db())
    .option('--port <n>', 'where (default: a port that is free)', port)
    .option('--host <host>', 'the address to listen at, if others than this machine are to reach it', host)
    .option('--read-only', 'let nobody change anything')
    .addHelpText(
      'after',
      `
Prints two addresses: with the first one can also begin forks of runs, with the second one can only look. Whoever has an
address can open it. A fork takes the code that its run began with.

RXDAG_TOKEN in the environment is the token of the first address, at least 32 characters of A-Z, a-z, 0-9, - and _; that of
the second follows from it. With it and --port the addresses stay the same, and pages that are open go on after a restart.

Examples:
  rxdag serve --db runs.db
  RXDAG_TOKEN=$(cat token) rxdag serve --db runs.db --port 4000       made once: openssl rand -hex 32 > token
  rxdag serve --db runs.db --port 4000 --read-only`,
    )
    .action(async (options: ServeCommandOptions) => {
      const { serveCommand } = await import('./serveCommand.js');
      ended(await serveCommand(options, terminal));
    });

  rxdag
    .command('verify')
    .description('hold stored logs against the rules that every run keeps')
    .argument('[runs...]', 'their ids (default: all)')
    .addOption(db())
    .addHelpText('after', `\nExamples:\n  rxdag verify --db runs.db`)
    .action(async (runs: readonly string[], options: { readonly db: string }) => {
      const { verifyCommand } = await import('./verifyCommand.js');
      ended(await verifyCommand(runs, options, terminal));
    });

  rxdag
    .command('export')
    .description('write a stored run for other tools')
    .argument('<run>', 'its id')
    .addOption(db())
    .addOption(
      new Option(
        '-f, --format <format>',
        'a line of JSON for each event, a trace for Perfetto and chrome://tracing, one HTML file to look at, or a trace in WfFormat 1.5',
      )
        .choices(['json', 'chrome-trace', 'html-report', 'wfformat'])
        .default('json'),
    )
    .addHelpText(
      'after',
      `\nExamples:\n  rxdag export nightly-7 --db runs.db > nightly-7.jsonl\n  rxdag export nightly-7 --db runs.db --format chrome-trace > trace.json\n  rxdag export nightly-7 --db runs.db --format html-report > nightly-7.html\n  rxdag export nightly-7 --db runs.db --format wfformat | rxdag simulate - --parallel 8`,
    )
    .action(async (run: string, options: { readonly db: string; readonly format: ExportFormat }) => {
      const { exportCommand } = await import('./exportCommand.js');
      ended(await exportCommand(run, options, terminal));
    });

  rxdag
    .command('prune')
    .description('remove runs that have ended, and results that are not used any more')
    .addOption(db())
    .option(
      '--older-than <days>',
      'those that ended so many days ago; also results that were not used for so long',
      days,
    )
    .option('--keep <n>', 'all but the latest n', atLeast(0))
    .option(
      '--unfinished',
      'also runs that crashed, are paused or wait, by what happened in them last; none that a living process has',
    )
    .option('-n, --dry-run', 'only tell which')
    .addHelpText(
      'after',
      `\nExamples:\n  rxdag prune --db runs.db --older-than 30\n  rxdag prune --db runs.db --keep 100 --dry-run\n  rxdag prune --db runs.db --older-than 7 --unfinished`,
    )
    .action(async (options: PruneCommandOptions) => {
      const { pruneCommand } = await import('./pruneCommand.js');
      ended(await pruneCommand(options, terminal));
    });
};
