import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import { jsonEquals, toJson } from '../model/Json.js';
import { answerKey, type LoggedAnswer } from './Past.js';

interface Logged extends LoggedAnswer {
  seq: number;
  readonly types: Set<string>;
  readonly added: string[];
}

/** The answers of hooks that are in a log. */
export const answersIn = (events: readonly ExecutionEvent[]): ReadonlyMap<string, LoggedAnswer> => {
  const answers = new Map<string, Logged>();
  for (const event of events) {
    const { by, cause, nth, seq } = event;
    if (by === undefined || nth === undefined) continue;
    const key = answerKey(by, cause, nth);
    let logged = answers.get(key);
    if (logged === undefined) answers.set(key, (logged = begun(event)));
    logged.seq = seq;
    logged.types.add(event.type);
    if (event.type === 'NodeAdded') logged.added.push(event.node.id!);
  }
  return answers;
};

const begun = (first: ExecutionEvent): Logged => {
  const logged: Logged = {
    seq: first.seq,
    first,
    types: new Set(),
    added: [],
    isSame: (wish) => isSameAnswer(wish, logged),
  };
  return logged;
};

/** The event that tells of a granted command. */
const told: Readonly<Record<ExecutorCommand['type'], ExecutionEvent['type']>> = {
  AddNode: 'NodeAdded',
  AddNodes: 'NodeAdded',
  RemoveNode: 'NodeRemoved',
  AddDependency: 'DependencyAdded',
  SetNodeInputs: 'NodeInputsSet',
  SkipNode: 'NodeSkipped',
  RetryNode: 'NodeRetried',
  ProvideInput: 'NodeSucceeded',
  PauseBranch: 'BranchPaused',
  ResumeBranch: 'BranchResumed',
  CancelBranch: 'BranchCancelled',
  PauseRun: 'RunPaused',
  ResumeRun: 'RunResumed',
  CancelRun: 'RunCancelling',
  SetConcurrency: 'ConcurrencySet',
  SetPriority: 'PrioritySet',
  UpdateMetrics: 'MetricsUpdated',
  EmitEvent: 'CustomEmitted',
};

const COMPARED = [
  'nodeId',
  'branchId',
  'from',
  'to',
  'name',
  'payload',
  'metrics',
  'inputs',
  'priority',
  'maxParallelNodes',
];

const isSameAnswer = (wish: unknown, { first, types, added }: Logged): boolean => {
  const given = Object(wish) as Record<string, unknown>;
  if (first.type === 'CommandRefused') return (first.command as { type?: unknown } | null)?.type === given['type'];
  if (!types.has(told[given['type'] as ExecutorCommand['type']])) return false;
  const id = (given['spec'] as { id?: unknown } | undefined)?.id;
  if (id !== undefined && !added.includes(id as string)) return false;
  const before = first as unknown as Record<string, unknown>;
  return COMPARED.every(
    (key) => given[key] === undefined || before[key] === undefined || isSame(given[key], before[key]),
  );
};

const isSame = (a: unknown, b: unknown): boolean => {
  try {
    return jsonEquals(toJson(a), toJson(b));
  } catch {
    return false;
  }
};
