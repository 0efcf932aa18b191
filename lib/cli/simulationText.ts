import { attemptBars } from '../formats/attemptBars.js';
import type { Plan, Simulation } from '../index.js';
import { printable } from '../model/printable.js';
import { parallelism } from '../simulate/parallelism.js';
import { queueWaits } from '../simulate/queueWaits.js';
import type { Figures, Sweep } from '../simulate/sweep.js';
import { duration } from './duration.js';
import { counted } from './eventLine.js';
import { sparkline } from './sparkline.js';

export interface Simulated {
  readonly plan: Plan;
  readonly simulation: Simulation;
  readonly fifo: Figures;
  /** None where it would take too long. */
  readonly sweep: Sweep | undefined;
}

const SPARKS = 60;
const TOO_LARGE = 'Too large to try other numbers of slots as well; ask for them with --parallel.';

/** What a simulation has shown: the makespan between its bounds and first come, first served; waits; how many slots are enough. */
export const simulationText = ({ plan, simulation, fifo, sweep }: Simulated): string => {
  const { nodes, slots, makespanMs, lowerBoundMs, simpleBoundMs, utilisation, events } = simulation;
  const most = attemptBars(events).reduce((widest, { lane }) => Math.max(widest, lane), 1); // as ran at once
  const rows: readonly (readonly [string, string])[] = [
    ['makespan', `${duration(makespanMs)}, ${times(simulation.ratio)} the lower bound`],
    ['first come, first served', `${duration(fifo.makespanMs)}, ${times(fifo.ratio)}`],
    ['lower bound', `${duration(lowerBoundMs)} (simple: ${duration(simpleBoundMs)}); no schedule is shorter`],
    ['utilisation', percent(utilisation)],
    [
      `waits for a slot${plan.nodes.some(({ pool }) => pool !== undefined) ? ' or pool' : ''}`,
      waitsText(plan, queueWaits(plan, events)),
    ],
    [
      'parallelism',
      `|${sparkline(parallelism(events, SPARKS), most)}| 0 to ${most}${most < slots ? ` of ${slots}` : ''}`,
    ],
  ];
  const lines = [
    `${plan.name}: ${counted(nodes, 'node')}, ${slots} at once. Simulated; nothing is run.`,
    ...rows.map(([name, text]) => `  ${name.padEnd(24)}  ${text}`),
    '',
    ...(sweep === undefined ? [TOO_LARGE] : sweepLines(sweep, simulation)),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
};

/** Mean, nine of ten, and the longest, with who had it. */
const waitsText = ({ nodes }: Plan, waitMs: Float64Array): string => {
  if (waitMs.length === 0) return 'none';
  const sorted = waitMs.toSorted();
  const most = sorted.at(-1)!;
  if (most === 0) return 'none';
  const mean = sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length;
  const nine = sorted[Math.ceil(0.9 * sorted.length) - 1]!;
  return `${duration(mean)} on average, 9 of 10 within ${duration(nine)}, at most ${duration(most)} (${nodes[waitMs.indexOf(most)]!.id})`;
};

const sweepLines = ({ simulations, enough, isCoarse }: Sweep, asked: Simulation): readonly string[] => {
  const others = simulations.filter(({ slots }) => slots !== asked.slots);
  const rows = [...others, asked].toSorted((a, b) => a.slots - b.slots);
  const cells = rows.map(({ slots, makespanMs, ratio, utilisation }) => [
    `${slots === enough ? '*' : ' '} ${slots}`,
    duration(makespanMs),
    times(ratio),
    percent(utilisation),
  ]);
  const table = [['slots', 'makespan', 'of the bound', 'utilisation'], ...cells];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return [
    ...table.map((row) => `  ${row.map((cell, column) => cell.padStart(widths[column]!)).join('  ')}`),
    `${counted(enough, 'slot')} ${enough === 1 ? 'is' : 'are'} enough: more would save less than 1 %.`,
    ...(isCoarse ? ['Fewer may be, too: so large a graph is tried with a few numbers of slots only.'] : []),
  ];
};

const times = (ratio: number): string => `${ratio.toFixed(3)} ×`;
const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
