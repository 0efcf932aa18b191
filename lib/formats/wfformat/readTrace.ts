import { show } from '../../model/explain.js';
import type { WfTask } from './WfFormat.js';
import { WF_VERSION } from './WfFormat.js';
import type { WfNotes } from './WfNotes.js';

/** What of a file matters here, each part of the right type, and all ids known. */
export interface Trace {
  readonly name: string;
  readonly description: string | undefined;
  readonly tasks: readonly WfTask[];
  /** By task id. */
  readonly runtimeMs: ReadonlyMap<string, number>;
  /** By task id: its place in `workflow.execution.tasks`. */
  readonly executedAt: ReadonlyMap<string, number>;
}

type Fields = Readonly<Record<string, unknown>>;

const TASKS = 'workflow.specification.tasks';
const EXECUTED = 'workflow.execution.tasks';

/** Reads a parsed file; undefined, and notes of all that is wrong, if something is. */
export const readTrace = (json: unknown, notes: WfNotes): Trace | undefined => {
  const root = fieldsOf(json, '', notes);
  if (root === undefined) return undefined;
  if (root['schemaVersion'] !== WF_VERSION)
    notes.add(
      'Version',
      'schemaVersion',
      root['schemaVersion'] === undefined
        ? `The version is missing; this reads WfFormat ${WF_VERSION}.`
        : `The version is ${show(root['schemaVersion'])}; this reads WfFormat ${WF_VERSION}.`,
    );
  const name = textOf(root, 'name', 'name', notes);
  const workflow = fieldsOf(root['workflow'], 'workflow', notes);
  const specification = workflow && fieldsOf(workflow['specification'], 'workflow.specification', notes);
  const listed = specification && itemsOf(specification['tasks'], TASKS, notes);
  const execution =
    workflow && fieldsOf(workflow['execution'], 'workflow.execution', notes, ', which tells how long tasks ran');
  const executed = execution && itemsOf(execution['tasks'], EXECUTED, notes);
  if (listed === undefined) return undefined;
  const tasks = tasksOf(listed, notes);
  const indexOf = indexed(tasks, TASKS, notes);
  checkFamily(tasks, indexOf, notes);
  if (executed === undefined) return undefined;
  const { runtimeMs, executedAt } = runtimesOf(executed, indexOf, notes);
  tasks.forEach((task, i) => {
    if (task !== undefined && !executedAt.has(task.id))
      notes.add(
        'MissingRuntime',
        `${TASKS}[${i}]`,
        `Task ${show(task.id)} has no entry in ${EXECUTED}, so its run time is not known.`,
        task.id,
      );
  });
  if (!notes.isEmpty) return undefined;
  const description = typeof root['description'] === 'string' ? root['description'] : undefined;
  return { name: name!, description, tasks: tasks as readonly WfTask[], runtimeMs, executedAt };
};

/** Tasks, one undefined where it can't be read. */
const tasksOf = (listed: readonly unknown[], notes: WfNotes): readonly (WfTask | undefined)[] =>
  listed.map((item, i) => {
    const path = `${TASKS}[${i}]`;
    const fields = fieldsOf(item, path, notes);
    if (fields === undefined) return undefined;
    const id = textOf(fields, 'id', `${path}.id`, notes);
    const name = textOf(fields, 'name', `${path}.name`, notes, id);
    const parents = idsOf(fields, 'parents', path, notes, id);
    const children = idsOf(fields, 'children', path, notes, id);
    if (id === undefined || name === undefined || parents === undefined || children === undefined) return undefined;
    return { id, name, parents, children };
  });

/** The place of each task by its id; a second task of an id is told. */
const indexed = (
  tasks: readonly ({ readonly id: string } | undefined)[],
  where: string,
  notes: WfNotes,
): ReadonlyMap<string, number> => {
  const indexOf = new Map<string, number>();
  tasks.forEach((task, i) => {
    if (task === undefined) return;
    const first = indexOf.get(task.id);
    if (first === undefined) indexOf.set(task.id, i);
    else
      notes.add(
        'DuplicateId',
        `${where}[${i}].id`,
        `Task ${show(task.id)} is there already, as ${where}[${first}].`,
        task.id,
      );
  });
  return indexOf;
};

/** Every parent and child is a task, and says the same from its side. */
const checkFamily = (
  tasks: readonly (WfTask | undefined)[],
  indexOf: ReadonlyMap<string, number>,
  notes: WfNotes,
): void => {
  const sets = tasks.map((task) => ({ parents: new Set(task?.parents), children: new Set(task?.children) }));
  // Where tasks can't be read, who is missing is not known.
  const isWhole = tasks.every((task) => task !== undefined);
  for (const [key, other, word, back] of [
    ['parents', 'children', 'parent', 'child'],
    ['children', 'parents', 'child', 'parent'],
  ] as const)
    tasks.forEach((task, i) =>
      task?.[key].forEach((id, k) => {
        const path = `${TASKS}[${i}].${key}[${k}]`;
        const index = indexOf.get(id);
        if (index === undefined) {
          if (isWhole)
            notes.add(
              'UnknownTask',
              path,
              `Task ${show(task.id)} names the ${word} ${show(id)}, which is no task.`,
              task.id,
            );
        } else if (!sets[index]![other].has(task.id))
          notes.add(
            'Disagreement',
            path,
            `Task ${show(task.id)} names the ${word} ${show(id)}, which does not name it as a ${back}.`,
            task.id,
          );
      }),
    );
};

/** Run times by task id, in milliseconds. */
const runtimesOf = (
  executed: readonly unknown[],
  indexOf: ReadonlyMap<string, number>,
  notes: WfNotes,
): Pick<Trace, 'runtimeMs' | 'executedAt'> => {
  const runtimeMs = new Map<string, number>();
  const executedAt = new Map<string, number>();
  executed.forEach((item, i) => {
    const path = `${EXECUTED}[${i}]`;
    const fields = fieldsOf(item, path, notes);
    const id = fields && textOf(fields, 'id', `${path}.id`, notes);
    if (id === undefined) return;
    if (!indexOf.has(id))
      notes.add('UnknownTask', `${path}.id`, `Task ${show(id)} has run, but is not in ${TASKS}.`, id);
    if (executedAt.has(id))
      notes.add(
        'DuplicateId',
        `${path}.id`,
        `Task ${show(id)} has run already, as ${EXECUTED}[${executedAt.get(id)}].`,
        id,
      );
    executedAt.set(id, i);
    const seconds = fields!['runtimeInSeconds'];
    if (seconds === undefined)
      notes.add('MissingRuntime', `${path}.runtimeInSeconds`, `The run time of task ${show(id)} is missing.`, id);
    else if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0)
      notes.add(
        'InvalidNumber',
        `${path}.runtimeInSeconds`,
        `The run time of task ${show(id)} is ${show(seconds)}; write seconds, a number from 0.`,
        id,
      );
    else runtimeMs.set(id, Math.round(seconds * 1e9) / 1e6); // to the nanosecond, so that 0.309 s are 309 ms
  });
  return { runtimeMs, executedAt };
};

const fieldsOf = (value: unknown, path: string, notes: WfNotes, why = ''): Fields | undefined => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  const what = path === '' ? 'The file' : `"${path.replace(/^.*\./, '')}"`;
  if (value === undefined) notes.add('Malformed', path, `${what} is missing${why}.`);
  else notes.add('Malformed', path, `${what} is ${show(value)}, not an object.`);
  return undefined;
};

const itemsOf = (value: unknown, path: string, notes: WfNotes): readonly unknown[] | undefined => {
  if (Array.isArray(value) && value.length > 0) return value;
  if (value === undefined) notes.add('Malformed', path, 'The list of tasks is missing.');
  else if (Array.isArray(value))
    notes.add('Malformed', path, 'The list of tasks is empty; a workflow has at least one.');
  else notes.add('Malformed', path, `The tasks are ${show(value)}, not a list.`);
  return undefined;
};

const textOf = (fields: Fields, key: string, path: string, notes: WfNotes, task?: string): string | undefined => {
  const value = fields[key];
  if (typeof value === 'string' && value !== '') return value;
  const whose = task === undefined ? '' : ` of task ${show(task)}`;
  const what = value === undefined ? 'is missing' : value === '' ? 'is empty' : `is ${show(value)}, not a text`;
  notes.add('Malformed', path, `The ${key}${whose} ${what}.`, task);
  return undefined;
};

const idsOf = (
  fields: Fields,
  key: string,
  path: string,
  notes: WfNotes,
  task?: string,
): readonly string[] | undefined => {
  const value = fields[key];
  const whose = task === undefined ? '' : ` of task ${show(task)}`;
  if (!Array.isArray(value)) {
    const what = value === undefined ? 'are missing' : `are ${show(value)}, not a list`;
    notes.add('Malformed', `${path}.${key}`, `The ${key}${whose} ${what}; write a list of ids.`, task);
    return undefined;
  }
  let isSound = true;
  value.forEach((id, k) => {
    if (typeof id === 'string') return;
    isSound = false;
    notes.add(
      'Malformed',
      `${path}.${key}[${k}]`,
      `One of the ${key}${whose} is ${show(id)}, not the id of a task.`,
      task,
    );
  });
  return isSound ? (value as readonly string[]) : undefined;
};
