import * as E from '#fp-ts/Either';
import { failureOf } from '../../model/Failure.js';
import type { Graph } from '../../model/Graph.js';
import type { NodeSpec } from '../../model/NodeSpec.js';
import { builtIn } from '../../plan/checkId.js';
import { compile } from '../../plan/compile.js';
import type { GraphError } from '../../plan/GraphError.js';
import type { Plan } from '../../plan/Plan.js';
import { readTrace, type Trace } from './readTrace.js';
import type { WfFormatError } from './WfFormatError.js';
import { WfNotes } from './WfNotes.js';

export interface FromWfFormatOptions {
  /** What errors call the file. */
  readonly file?: string;
}

/** A trace that was read and proved sound. */
export interface FromWfFormat {
  /** A node for each task: its id, the task's name as its action, the run time as its `estimateMs`. */
  readonly graph: Graph;
  readonly plan: Plan;
}

/**
 * Reads a workflow trace in WfFormat 1.5, as text or parsed, and proves it sound; or tells all that is wrong with it at
 * once, each with its task and its place. Every task needs a run time (seconds become milliseconds); parents and children
 * have to agree. Files, machines, commands and what else a trace may hold are not looked at.
 *
 * @example
 * ```ts
 * import { fromWfFormat } from 'rxdag/wfformat';
 *
 * const read = fromWfFormat({
 *   name: 'pair',
 *   schemaVersion: '1.5',
 *   workflow: {
 *     specification: {
 *       tasks: [
 *         { name: 'split', id: 'split_1', parents: [], children: ['count_1'] },
 *         { name: 'count', id: 'count_1', parents: ['split_1'], children: [] },
 *       ],
 *     },
 *     execution: {
 *       makespanInSeconds: 3,
 *       executedAt: '2024-05-02T08:00:00Z',
 *       tasks: [{ id: 'split_1', runtimeInSeconds: 1 }, { id: 'count_1', runtimeInSeconds: 1.5 }],
 *     },
 *   },
 * });
 * if (read._tag === 'Left') throw new Error(read.left[0]!.message);
 * read.right.graph.nodes[1]; // => { id: 'count_1', action: 'count', deps: [ 'split_1' ], estimateMs: 1500 }
 * ```
 */
export const fromWfFormat = (
  source: unknown,
  { file }: FromWfFormatOptions = {},
): E.Either<readonly WfFormatError[], FromWfFormat> => {
  const notes = new WfNotes(file);
  let json = source;
  if (typeof source === 'string')
    try {
      json = JSON.parse(source.replace(/^\ufeff/, ''));
    } catch (error) {
      notes.add('Syntax', '', `This is not JSON: ${failureOf(error).message}.`);
      return E.left(notes.list());
    }
  const trace = readTrace(json, notes);
  if (trace === undefined) return E.left(notes.list());
  const compiled = compile(graphOf(trace), anyAction, { config: { maxNodes: Number.MAX_SAFE_INTEGER } });
  if (E.isRight(compiled)) return E.right({ graph: compiled.right.graph, plan: compiled.right });
  for (const error of compiled.left) notes.add(error.type, pathOf(error, trace), inWordsOfTasks(error), error.node);
  return E.left(notes.list());
};

const anyAction = { has: () => true, list: () => [] };

const graphOf = ({ name, description, tasks, runtimeMs }: Trace): Graph => ({
  name,
  ...(description === undefined ? {} : { description }),
  nodes: tasks.map(({ id, name: kind, parents }): NodeSpec => ({
    id,
    action: builtIn.includes(kind) ? `task ${kind}` : kind,
    ...(parents.length === 0 ? {} : { deps: parents }),
    estimateMs: runtimeMs.get(id)!,
  })),
});

/** Where in the file lies what the graph's error speaks of. */
const pathOf = ({ type, node, path: [first] = [] }: GraphError, { tasks, executedAt }: Trace): string => {
  if (type === 'Cycle') return `workflow.specification.tasks[${tasks.findIndex(({ id }) => id === node)}].parents`;
  const [, index, key = ''] = /^nodes\[(\d+)\](.*)$/.exec(first ?? '') ?? [];
  if (index === undefined) return first === 'name' ? 'name' : '';
  if (key === '.estimateMs')
    return `workflow.execution.tasks[${executedAt.get(tasks[Number(index)]!.id)}].runtimeInSeconds`;
  return `workflow.specification.tasks[${index}]${key.replace('.deps', '.parents').replace('.action', '.name')}`;
};

const inWordsOfTasks = ({ type, message }: GraphError): string =>
  type === 'Cycle'
    ? message.replace('These nodes', 'These tasks').replace('dependency', 'parent')
    : message
        .replace(/^Node /, 'Task ')
        .replace('remove that dependency or reference', 'take it out of its parents')
        .replace('rename the node', 'rename the task');
