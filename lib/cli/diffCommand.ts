import { ActionRegistry, DagExecutor, type NodeEnd } from '../index.js';
import { printable } from '../model/printable.js';
import { asUsageLater } from './asUsage.js';
import { counted, valueText } from './eventLine.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { openStore } from './openStore.js';
import type { Terminal } from './Terminal.js';

/** Tells in what two stored runs differ. */
export const diffCommand = async (
  runA: string,
  runB: string,
  { db, json }: { readonly db: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<ExitCode> => {
  const store = await openStore(db);
  const executor = new DagExecutor({ registry: new ActionRegistry(), store });
  const diff = await asUsageLater(() => executor.diff(runA, runB));
  if (json === true) {
    terminal.json(diff);
    return exitCode.success;
  }
  const { firstDivergingSeq, nodes } = diff;
  const lines = [
    firstDivergingSeq === undefined ? 'The logs tell the same.' : `The logs part at event ${firstDivergingSeq}.`,
    nodes.length === 0 ? 'All nodes ended alike.' : `${counted(nodes.length, 'node')} ended differently:`,
    ...nodes.flatMap(({ nodeId, a, b }) => [`  ${nodeId}`, `    ${runA}: ${endText(a)}`, `    ${runB}: ${endText(b)}`]),
  ];
  terminal.out(lines.map((line) => `${printable(line)}\n`).join(''));
  return exitCode.success;
};

const endText = (end: NodeEnd | undefined): string => {
  if (end === undefined) return 'not there';
  const { status, attempts, output, error } = end;
  const told = error?.message ?? (output === undefined ? '' : valueText(output, 200));
  return `${status}${attempts > 1 ? ` in ${attempts} attempts` : ''}${told === '' ? '' : `: ${told}`}`;
};
