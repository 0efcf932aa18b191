import type { Command } from 'commander';
import type { ExitCode } from './exitCode.js';
import { atLeast, host, many, needed, port, redis } from './options.js';
import type { Terminal } from './Terminal.js';
import type { WorkerCommandOptions } from './workerCommand.js';
import type { WorkersCommandOptions } from './workersCommand.js';

/** The commands for workers. */
export const fleetProgram = (rxdag: Command, terminal: Terminal, ended: (code: ExitCode) => void): void => {
  rxdag
    .command('worker')
    .description('run nodes that are placed in a pool of workers, until Ctrl-C')
    .addOption(redis())
    .addOption(needed(many('-a, --actions <module>', 'the module that exports the actions: a path, or a package')))
    .addOption(needed(many('--pool <name>', 'the pool whose nodes it runs')))
    .addOption(many('--allow <action>', 'run only this action'))
    .option('--concurrency <n>', 'how many it runs at once, of each pool (default: one for each CPU)', atLeast(1))
    .option('--key-file <file>', 'a file with the key that jobs are signed with (default: RXDAG_KEY)')
    .option('--lock-seconds <n>', 'how long it may go unheard before others run its jobs (default: 15)', atLeast(1))
    .option('--drain-seconds <n>', 'how long, at the end, to let run what runs (default: 30)', atLeast(0))
    .option('--health-port <n>', 'answer GET /health there, on this machine only', port)
    .option('--health-host <host>', 'the address to listen at for that, if others than this machine are to ask', host)
    .option('--json', 'write each event as a line of JSON')
    .option('-v, --verbose', 'write a line for each job')
    .addHelpText(
      'after',
      `
Takes the nodes with "placement: pool:NAME" of all runs whose coordinators (rxdag coordinate, rxdag run --remote) share the
Redis and the key, as many processes on as many machines as there are. Ctrl-C and SIGTERM let run what runs and take no more;
a second one leaves at once, and other workers run again what was given up. An address that ends in ?prefix=NAME is for a
Redis that several share.

Examples:
  export RXDAG_KEY=$(openssl rand -hex 32)
  rxdag worker --redis redis://127.0.0.1:6379 --actions actions.mjs --pool heavy
  rxdag worker --redis redis://127.0.0.1:6379 --actions actions.mjs --pool heavy --pool light --concurrency 8 --health-port 8080`,
    )
    .action(async (options: Partial<WorkerCommandOptions> & { readonly redis: string }) => {
      const { workerCommand } = await import('./workerCommand.js');
      ended(await workerCommand({ actions: [], pool: [], allow: [], ...options }, terminal));
    });

  rxdag
    .command('workers')
    .description('list the workers of a Redis')
    .addOption(redis())
    .option('--json', 'write each worker as a line of JSON')
    .addHelpText('after', `\nExamples:\n  rxdag workers --redis redis://127.0.0.1:6379`)
    .action(async (options: WorkersCommandOptions) => {
      const { workersCommand } = await import('./workersCommand.js');
      ended(await workersCommand(options, terminal));
    });
};
