import { writeFile } from 'node:fs/promises';
import { chromeTrace } from '../formats/chromeTrace.js';
import { toGantt } from '../formats/toGantt.js';
import { simulate, type Simulation } from '../index.js';
import { printable } from '../model/printable.js';
import { sweep } from '../simulate/sweep.js';
import { checkOutputs } from './checkOutputs.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { learnt } from './learnt.js';
import { openStore } from './openStore.js';
import { readWorkload } from './readWorkload.js';
import { simulationText } from './simulationText.js';
import { simulationWarnings } from './simulationWarnings.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

export interface SimulateCommandOptions {
  readonly parallel?: number;
  readonly db?: string;
  readonly gantt?: string;
  readonly chromeTrace?: string;
  readonly json?: boolean;
}

/** Simulates a pipeline or a trace, and tells how long it takes and what no schedule can beat. */
export const simulateCommand = async (
  file: string,
  options: SimulateCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  checkOutputs(
    { 'what is simulated': file, 'the database': options.db },
    { '--gantt': options.gantt, '--chrome-trace': options.chromeTrace },
  );
  const { plan, warnings } = await readWorkload(file);
  for (const warning of warnings) terminal.tell(warning);
  const estimates =
    options.db === undefined
      ? undefined
      : await learnt(await openStore(options.db), plan.name, (text) => terminal.tell(text));
  for (const warning of simulationWarnings(plan, estimates)) terminal.tell(warning);
  const known = estimates === undefined ? {} : { estimates };
  const given = options.parallel === undefined ? known : { ...known, slots: options.parallel };
  const simulation = simulate(plan, given);
  if (options.gantt !== undefined) await write(options.gantt, toGantt(simulation.events));
  if (options.chromeTrace !== undefined)
    await write(options.chromeTrace, `${JSON.stringify(chromeTrace(simulation.events))}\n`);
  if (options.json === true) terminal.json(figuresOf(simulation));
  else {
    const fifo = simulate(plan, { ...given, order: 'fifo' });
    terminal.out(simulationText({ plan, simulation, fifo, sweep: sweep(plan, known) }));
  }
  return exitCode.success;
};

const FIGURES = ['makespanMs', 'lowerBoundMs', 'ratio', 'simpleBoundMs', 'utilisation', 'nodes', 'slots'] as const;

const figuresOf = (simulation: Simulation): object => Object.fromEntries(FIGURES.map((key) => [key, simulation[key]]));

const write = async (path: string, text: string): Promise<void> => {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new UsageError(`The file ${printable(path)} can't be written: ${printable((error as Error).message)}`);
  }
};
