import type { SchedulePreview } from '../formats/schedulePreview.js';
import { printable } from '../model/printable.js';
import { duration } from './duration.js';
import { counted } from './eventLine.js';

const DEPS_SHOWN = 5;

/** What would happen, in the order in which it would: nothing is run. */
export const dryRunText = (name: string, preview: SchedulePreview, maxParallelNodes: number): string => {
  const { levels, criticalPath, criticalMs, workMs, isEstimated, lowerBoundMs } = preview;
  // Within a level nodes may run at once; which of them starts first is up to priorities and slots.
  const order = preview.order.toSorted((a, b) => a.level - b.level);
  const places = String(order.length).length;
  const idWidth = Math.min(
    40,
    order.reduce((widest, { id }) => Math.max(widest, id.length), 2),
  );
  const lines = order.map(({ id, action, level, deps, estimateMs, isCritical }, i) => {
    const after =
      deps.length === 0
        ? ''
        : `  after ${deps.slice(0, DEPS_SHOWN).join(', ')}${deps.length > DEPS_SHOWN ? ` and ${deps.length - DEPS_SHOWN} more` : ''}`;
    const estimate = isEstimated ? `  ${duration(estimateMs).padStart(8)}` : '';
    return `${isCritical ? '*' : ' '} ${String(i + 1).padStart(places)}  level ${level}  ${id.padEnd(idWidth)}  ${action}${estimate}${after}`;
  });
  const path =
    criticalPath.length <= 20
      ? criticalPath
      : [...criticalPath.slice(0, 10), `(${criticalPath.length - 20} more)`, ...criticalPath.slice(-10)];
  const times = isEstimated
    ? [
        `Estimated: ${duration(criticalMs)} on the critical path, ${duration(workMs)} of work, at least ${duration(lowerBoundMs)} with ${maxParallelNodes} at once.`,
      ]
    : [
        `No node has an estimate; counted in nodes the critical path has ${criticalPath.length}, and ${maxParallelNodes} at once take at least ${Math.ceil(lowerBoundMs)} steps.`,
      ];
  return [
    `${name}: ${counted(order.length, 'node')} in ${counted(levels, 'level')}, at most ${maxParallelNodes} at once. Nothing is run.`,
    ...lines,
    ...(order.length === 0 ? [] : [`Critical path (*): ${path.join(' -> ')}`, ...times]),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
};
