import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import { jsonEquals, toJson } from '../model/Json.js';
import type { Lost } from '../state/redact.js';
import type { Turn } from '../state/Turn.js';

/** What a resumed run has behind it: its log, and how far each hook had answered. */
export interface Past {
  readonly events: readonly ExecutionEvent[];
  readonly epoch: number;
  readonly ownerId: string;
  readonly answered: Readonly<Record<string, number>>;
  /** Of a fork, the nodes that were to run again. */
  readonly again: readonly string[];
  /** Knows which redacted values are gone. */
  readonly lost: (turn: Turn) => Lost;
}

/** What a hook has asked before the crash, and what became of it. */
export interface Logged {
  /** The seq of its last event. */
  seq: number;
  readonly first: ExecutionEvent;
  readonly types: Set<string>;
  readonly added: string[];
}

/** The answers of hooks that are in a log: what one gives again is dropped. */
export const answersIn = (events: readonly ExecutionEvent[]): ReadonlyMap<string, Logged> => {
  const answers = new Map<string, Logged>();
  for (const event of events) {
    const { by, cause, nth, seq } = event;
    if (by === undefined || nth === undefined) continue;
    const key = answerKey(by, cause, nth);
    let logged = answers.get(key);
    if (logged === undefined) answers.set(key, (logged = { seq, first: event, types: new Set(), added: [] }));
    logged.seq = seq;
    logged.types.add(event.type);
    if (event.type === 'NodeAdded') logged.added.push(event.node.id!);
  }
  return answers;
};

export const answerKey = (by: string, cause: number | undefined, nth: number): string => `${cause ?? 0} ${nth} ${by}`;

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

/** Tells whether a hook asks now for what it asked then, as far as the log shows it. */
export const isSameAnswer = (wish: unknown, { first, types, added }: Logged): boolean => {
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
