import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { Failure } from '../../model/Failure.js';
import { countText, shown } from '../dom/shown.js';
import { spanText } from '../view/clockText.js';
import { briefValue } from './briefValue.js';

const LONGEST = 400;

/**
 * What happened, as one short line: the node that it happened to stands beside it. Whatever text it holds is cut and made
 * printable.
 */
export const eventSentence = (event: ExecutionEvent): string => {
  let text: string;
  try {
    text = told(event) + origin(event);
  } catch {
    text = raw(event); // it is none of its type after all
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

const told = (event: ExecutionEvent): string => {
  switch (event.type) {
    case 'RunStarted': {
      const { runId, dagName, definition, config, forkedFrom } = event;
      const from = forkedFrom === undefined ? '' : `, forked from ${shown(forkedFrom.runId)} at #${forkedFrom.seq}`;
      const nodes = counted(definition.nodes.length, 'node');
      return `${shown(dagName)}: ${nodes}, at most ${config.maxParallelNodes} at once, run ${shown(runId)}${from}`;
    }
    case 'RunPaused':
      return `Nothing more starts${because(event.reason)}`;
    case 'RunResumed':
      return `The run goes on${because(event.reason)}`;
    case 'RunCancelling':
      return `The run is being cancelled${asked[event.origin]}${because(event.reason)}`;
    case 'RunRecovered':
      return `The run goes on in a new process${event.interrupted.length === 0 ? '' : `; ${counted(event.interrupted.length, 'node')} had been interrupted`}`;
    case 'RunQuiescent':
      return 'Every node has ended; hooks may still add some';
    case 'RunSettled':
      return `The run ${event.status === 'succeeded' ? 'succeeded' : `ended as ${event.status}`}${because(event.error)}`;
    case 'NodeAdded': {
      const { action, deps = [] } = event.node;
      const after = event.after === undefined ? '' : `, after ${shown(event.after)}`;
      const needs = deps.length === 0 ? '' : `, waits for ${listed(deps)}`;
      return `Added with action ${shown(action)}${needs}${after}`;
    }
    case 'NodeRemoved':
      return 'Removed from the graph';
    case 'NodeStarting':
      return 'Has a slot, waits for its gates';
    case 'NodeStarted':
      return event.attempt > 1 ? `Attempt ${event.attempt} began` : 'Began';
    case 'NodeWaiting':
      return waitsFor[event.on];
    case 'NodeProgressed':
      return briefValue(event.value);
    case 'NodeRetryScheduled':
      return `Attempt ${event.attempt} failed, next in ${spanText(event.delayMs)}: ${failure(event.error)}`;
    case 'NodeInterrupted':
      return `Its process died in attempt ${event.attempt}`;
    case 'NodeSucceeded': {
      const how = event.cached ? 'Taken from the cache' : `Took ${spanText(event.durationMs)}`;
      return event.output === null ? how : `${how}: ${briefValue(event.output)}`;
    }
    case 'NodeFailed':
      return `Attempt ${event.attempt} failed: ${failure(event.error)}`;
    case 'NodeSkipped':
      return `Never ran: ${shown(event.reason)}`;
    case 'NodeCancelled':
      return shown(event.reason) + (event.abandoned ? ' (did not end in time and was left to itself)' : '');
    case 'NodeRetried': {
      const { revived } = event;
      return `Runs again${revived.length === 0 ? '' : `, with ${listed(revived)} that had been skipped`}`;
    }
    case 'NodeInputsSet':
      return `Inputs changed: ${listed(Object.keys(event.inputs))}`;
    case 'DependencyAdded':
      return `${shown(event.to)} now waits for ${shown(event.from)}`;
    case 'PrioritySet':
      return `Priority is now ${event.priority}`;
    case 'BranchPaused':
      return `Nothing more of branch ${shown(event.branchId)} starts${because(event.reason)}`;
    case 'BranchResumed':
      return `Branch ${shown(event.branchId)} goes on${because(event.reason)}`;
    case 'BranchCancelled':
      return `Branch ${shown(event.branchId)} was cancelled${because(event.reason)}`;
    case 'ConcurrencySet':
      return `At most ${event.maxParallelNodes} at once from now on`;
    case 'MetricsUpdated':
      return briefValue(event.metrics);
    case 'CustomEmitted':
      return `${shown(event.name)}: ${briefValue(event.payload)}`;
    case 'CommandRefused':
      return `${commandText(event.command)} was refused: ${shown(event.reason, 240)}`;
    case 'HookFailed':
      return `Hook ${shown(event.hook)}: ${failure(event.error)}`;
    default:
      // A log of a later version: what it holds is shown as it is.
      return raw(event);
  }
};

const raw = (event: ExecutionEvent): string => shown(JSON.stringify(event), 400);

/** Who asked for it, where it did not follow from the run itself. */
const origin = ({ by, cause }: ExecutionEvent): string => {
  if (by === undefined && cause === undefined) return '';
  const who = by === undefined ? '' : by === 'user' ? ' by the user' : ` by hook ${shown(by, 60)}`;
  const what = cause === undefined ? '' : ` answer to #${cause}`;
  return ` —${[who, what].filter((part) => part !== '').join(',')}`;
};

const asked = { user: '', deadline: ' at its deadline', policy: ' by its failure policy' };
const waitsFor = {
  input: 'Waits for a person’s input',
  items: 'Waits for the nodes of its items',
  dag: 'Waits for the nodes of its sub-DAG',
};
const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${shown(reason, 240)}`);
const failure = ({ name, message }: Failure): string =>
  shown(name === 'Error' || name === '' ? message : `${name}: ${message}`, 240);

const counted = (count: number, thing: string): string => `${countText(count)} ${thing}${count === 1 ? '' : 's'}`;

const listed = (ids: readonly string[]): string => {
  const first = ids.slice(0, 3).map((id) => shown(id, 40));
  return ids.length > 3 ? `${first.join(', ')} and ${ids.length - 3} more` : first.join(', ');
};

/** A refused command by its type and what it was about. */
const commandText = (command: unknown): string => {
  if (typeof command !== 'object' || command === null) return 'A command';
  const { type, nodeId, branchId } = command as { type?: unknown; nodeId?: unknown; branchId?: unknown };
  const about = [nodeId, branchId].find((value) => typeof value === 'string');
  return `${shown(typeof type === 'string' ? type : 'A command', 40)}${about === undefined ? '' : ` ${shown(about, 60)}`}`;
};
