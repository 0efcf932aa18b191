import type { ExecutionEvent } from '../index.js';
import { printable } from '../model/printable.js';
import { duration } from './duration.js';
import { failureText } from './failureText.js';

const VALUE_MAX = 160;
const HALF_SIGN = /[\ud800-\udbff]$/;

/** One line for an event: the time since the run began, a word for the state that it brought, and what it is about. */
export const eventLine = (event: ExecutionEvent, startedAt: number): string => {
  const [word, about] = words(event);
  const by = event.by === undefined || event.by === 'user' ? '' : ` (by ${event.by})`;
  return printable(`${((event.at - startedAt) / 1_000).toFixed(3).padStart(8)} s  ${word.padEnd(10)} ${about}${by}`);
};

/** The state word of an event, and what is told beside it. */
const words = (event: ExecutionEvent): readonly [word: string, about: string] => {
  switch (event.type) {
    case 'RunStarted': {
      const { runId, dagName, definition, config } = event;
      return [
        'running',
        `${dagName}: ${counted(definition.nodes.length, 'node')}, at most ${config.maxParallelNodes} at once, run ${runId}`,
      ];
    }
    case 'RunPaused':
      return ['paused', `the run${because(event.reason)}`];
    case 'RunResumed':
      return ['running', `the run goes on${because(event.reason)}`];
    case 'RunCancelling':
      return ['cancelling', `the run${because(event.reason)}`];
    case 'RunRecovered':
      return [
        'running',
        `the run goes on${event.interrupted.length === 0 ? '' : `; ${counted(event.interrupted.length, 'node')} had been interrupted`}`,
      ];
    case 'RunQuiescent':
      return ['quiescent', 'every node has ended'];
    case 'RunSettled':
      return [event.status, `the run${because(event.error?.replaceAll('\n', '; '))}`];
    case 'NodeAdded':
      return ['pending', `${event.node.id ?? ''} added, action ${event.node.action}`];
    case 'NodeRemoved':
      return ['removed', event.nodeId];
    case 'NodeStarting':
      return ['starting', event.nodeId];
    case 'NodeStarted':
      return ['running', event.nodeId + (event.attempt > 1 ? `, attempt ${event.attempt}` : '')];
    case 'NodeWaiting':
      return ['waiting', `${event.nodeId} ${waitsFor[event.on]}`];
    case 'NodeProgressed':
      return ['running', `${event.nodeId} ${valueText(event.value)}`];
    case 'NodeRetryScheduled':
      return ['retrying', `${event.nodeId} in ${duration(event.delayMs)}: ${failureText(event.error)}`];
    case 'NodeInterrupted':
      return ['pending', `${event.nodeId} was interrupted in attempt ${event.attempt}`];
    case 'NodeSucceeded': {
      const time = event.cached ? 'from the cache' : `in ${duration(event.durationMs)}`;
      return ['succeeded', `${event.nodeId} ${time}${event.output === null ? '' : `: ${valueText(event.output)}`}`];
    }
    case 'NodeFailed':
      return ['failed', `${event.nodeId}: ${failureText(event.error)}`];
    case 'NodeSkipped':
      return ['skipped', `${event.nodeId}: ${event.reason}`];
    case 'NodeCancelled':
      return [
        'cancelled',
        `${event.nodeId}: ${event.reason}${event.abandoned ? ' (it did not end in time and was left to itself)' : ''}`,
      ];
    case 'NodeRetried':
      return [
        'pending',
        `${event.nodeId} is tried again${event.revived.length === 0 ? '' : `, with ${counted(event.revived.length, 'node')} that had been skipped`}`,
      ];
    case 'NodeInputsSet':
      return ['pending', `${event.nodeId} got other inputs`];
    case 'DependencyAdded':
      return ['pending', `${event.to} waits for ${event.from}`];
    case 'PrioritySet':
      return ['pending', `${event.nodeId} has priority ${event.priority}`];
    case 'BranchPaused':
      return ['paused', `branch ${event.branchId}${because(event.reason)}`];
    case 'BranchResumed':
      return ['running', `branch ${event.branchId} goes on`];
    case 'BranchCancelled':
      return ['cancelled', `branch ${event.branchId}${because(event.reason)}`];
    case 'ConcurrencySet':
      return ['running', `at most ${event.maxParallelNodes} at once`];
    case 'MetricsUpdated':
      return ['metrics', valueText(event.metrics)];
    case 'CustomEmitted':
      return ['event', `${event.name}: ${valueText(event.payload)}`];
    case 'CommandRefused':
      return ['refused', event.reason];
    case 'HookFailed':
      return ['failed', `hook ${event.hook}: ${failureText(event.error)}`];
  }
};

const waitsFor = { input: 'for input', items: 'for its items', dag: 'for its nodes' };
const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${reason}`);

export const counted = (count: number, thing: string): string =>
  `${count.toLocaleString('en-US')} ${thing}${count === 1 ? '' : 's'}`;

/** A value on one line, cut where it is long. */
export const valueText = (value: unknown, max = VALUE_MAX): string => {
  const text = typeof value === 'string' ? value : jsonText(value);
  return text.length > max ? `${text.slice(0, max).replace(HALF_SIGN, '')}…` : text;
};

const jsonText = (value: unknown): string => {
  try {
    return JSON.stringify(value);
  } catch {
    return '(too large to be shown)'; // more than a string can hold
  }
};
