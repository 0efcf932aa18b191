import type { DagExecutionReport, ExecutionEvent } from '../../lib/index.js';

/** What one hook has done. */
export interface HookDeeds {
  readonly hook: string;
  readonly added: readonly string[];
  /** Its other commands, by the type of the event that came of them. */
  readonly others: Readonly<Record<string, number>>;
}

/** What each hook has done, from the log alone: every event that a hook has caused says so. */
export const deedsOf = (log: readonly ExecutionEvent[]): readonly HookDeeds[] => {
  const hooks = [...new Set(log.flatMap(({ by }) => (by === undefined ? [] : [by])))];
  return hooks.map((hook) => {
    const own = log.filter(({ by }) => by === hook);
    const others: Record<string, number> = {};
    for (const { type } of own) if (type !== 'NodeAdded') others[type] = (others[type] ?? 0) + 1;
    return { hook, added: own.flatMap((event) => (event.type === 'NodeAdded' ? [event.node.id ?? ''] : [])), others };
  });
};

/** Rows as columns that line up, under a head. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)];
};

export const deedsTable = (log: readonly ExecutionEvent[]): readonly string[] =>
  table(
    ['hook', 'nodes added', 'other commands'],
    deedsOf(log).map(({ hook, added, others }) => [
      hook,
      added.length === 0 ? '-' : added.join(', '),
      Object.entries(others)
        .map(([type, count]) => (count === 1 ? type : `${type} x${count}`))
        .join(', ') || '-',
    ]),
  );

/** One row per action, from the numbers that the metrics hook has kept. */
export const metricsTable = ({ metrics }: DagExecutionReport): readonly string[] => {
  const numbers = metrics.custom;
  const actions = Object.keys(numbers).flatMap((key) => /^(.+)\.succeeded$/.exec(key)?.[1] ?? []);
  return table(
    ['action', 'done', 'ms in all', 'ms at most'],
    actions.map((action) => [
      action,
      ...['succeeded', 'totalMs', 'maxMs'].map((key) => String(Math.round(numbers[`${action}.${key}`] ?? 0))),
    ]),
  );
};

/** The nodes in the order in which they were done. */
export const orderOf = (log: readonly ExecutionEvent[]): readonly string[] =>
  log.flatMap((event) => (event.type === 'NodeSucceeded' ? [event.nodeId] : []));
