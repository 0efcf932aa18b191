import { show } from '../../model/explain.js';
import { WF_VERSION, type WfExecutedTask, type WfFormat, type WfTask } from './WfFormat.js';

/** A workflow that has run, or is taken to have. Times are epoch milliseconds, durations milliseconds. */
export interface Traced {
  readonly name: string;
  readonly description?: string;
  readonly startedAt: number;
  readonly makespanMs: number;
  readonly tasks: readonly TracedTask[];
}

export interface TracedTask {
  readonly id: string;
  readonly name: string;
  readonly parents: readonly string[];
  readonly runtimeMs: number;
  /** Absent for one that never started. */
  readonly startedAt?: number;
}

/**
 * Writes a trace. Ids are spelt with the letters, digits and signs (`-_.#`) that WfFormat allows; others become `_`. Throws a
 * `RangeError` where there is no task, for WfFormat has no such workflow.
 */
export const writeTrace = ({ name, description, startedAt, makespanMs, tasks }: Traced): WfFormat => {
  if (tasks.length === 0)
    throw new RangeError(
      `${show(name)} has no nodes, and WfFormat knows no workflow without a task: nothing is written.`,
    );
  const names = allowedIds(tasks);
  const children = new Map<string, string[]>(tasks.map(({ id }) => [id, []]));
  for (const { id, parents } of tasks) for (const parent of parents) children.get(parent)!.push(names.get(id)!);
  return {
    name,
    ...(description === undefined || description === '' ? {} : { description }),
    schemaVersion: WF_VERSION,
    workflow: {
      specification: {
        tasks: tasks.map(({ id, name: kind, parents }): WfTask => ({
          name: kind === '' ? id : kind,
          id: names.get(id)!,
          parents: parents.map((parent) => names.get(parent)!),
          children: children.get(id)!,
        })),
      },
      execution: {
        makespanInSeconds: seconds(makespanMs),
        executedAt: iso(startedAt),
        tasks: tasks.map((task): WfExecutedTask => ({
          id: names.get(task.id)!,
          runtimeInSeconds: seconds(task.runtimeMs),
          ...(task.startedAt === undefined ? {} : { executedAt: iso(task.startedAt) }),
        })),
      },
    },
  };
};

/** An id that WfFormat allows for each task: its own, or one like it that no other task has. */
const allowedIds = (tasks: readonly TracedTask[]): ReadonlyMap<string, string> => {
  const isAllowed = (id: string): boolean => /^[0-9a-zA-Z\-_.#]+$/.test(id);
  const taken = new Set(tasks.map(({ id }) => id).filter(isAllowed));
  const names = new Map<string, string>();
  for (const { id } of tasks) {
    if (isAllowed(id)) names.set(id, id);
    else {
      const plain = id.replaceAll(/[^0-9a-zA-Z\-_.#]/gu, '_');
      let name = plain;
      for (let nth = 2; taken.has(name); nth++) name = `${plain}_${nth}`;
      taken.add(name);
      names.set(id, name);
    }
  }
  return names;
};

/** To the nanosecond, as they are read. */
const seconds = (ms: number): number => Math.round(ms * 1e6) / 1e9;
const iso = (at: number): string => new Date(at).toISOString();
