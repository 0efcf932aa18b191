import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Json } from '../model/Json.js';

/** An event in one line, without its time and place: `NodeSucceeded load#1 {"rows":3}`. Values are cut at 80 characters. */
export const describeEvent = (event: ExecutionEvent): string => {
  const detail = details(event);
  const by = event.by === undefined ? '' : ` (by ${event.by}${event.cause === undefined ? '' : ` on ${event.cause}`})`;
  return `${event.type}${detail === '' ? '' : ` ${detail}`}${by}`;
};

const details = (event: ExecutionEvent): string => {
  switch (event.type) {
    case 'RunStarted':
      return `${event.dagName}, ${event.definition.nodes.length} nodes`;
    case 'RunPaused':
    case 'RunResumed':
      return event.reason ?? '';
    case 'RunCancelling':
      return `${event.origin}: ${event.reason}`;
    case 'RunRecovered':
      return event.interrupted.join(', ');
    case 'RunQuiescent':
      return '';
    case 'RunSettled':
      return event.status;
    case 'NodeAdded':
      return `${event.node.id} ${event.node.action}${list(event.node.deps)}`;
    case 'NodeRemoved':
    case 'NodeStarting':
      return event.nodeId;
    case 'NodeStarted':
    case 'NodeInterrupted':
      return `${event.nodeId}#${event.attempt}`;
    case 'NodeWaiting':
      return `${event.nodeId} on ${event.on}`;
    case 'NodeProgressed':
      return `${event.nodeId}#${event.attempt} ${short(event.value)}`;
    case 'NodeRetryScheduled':
      return `${event.nodeId}#${event.attempt} in ${event.delayMs} ms: ${event.error.message}`;
    case 'NodeSucceeded':
      return `${event.nodeId}#${event.attempt} ${short(event.output)}${event.cached ? ' cached' : ''}`;
    case 'NodeFailed':
      return `${event.nodeId}#${event.attempt} ${event.error.message}`;
    case 'NodeSkipped':
      return `${event.nodeId}${event.becauseOf === undefined ? '' : ` because of ${event.becauseOf}`}: ${event.reason}`;
    case 'NodeCancelled':
      return `${event.nodeId}${event.abandoned ? ' abandoned' : ''}: ${event.reason}`;
    case 'NodeRetried':
      return `${event.nodeId}${list(event.revived)}`;
    case 'NodeInputsSet':
      return `${event.nodeId} ${short(event.inputs as Json)}`;
    case 'DependencyAdded':
      return `${event.from} -> ${event.to}`;
    case 'PrioritySet':
      return `${event.nodeId} ${event.priority}`;
    case 'BranchPaused':
    case 'BranchResumed':
    case 'BranchCancelled':
      return event.branchId;
    case 'ConcurrencySet':
      return String(event.maxParallelNodes);
    case 'MetricsUpdated':
      return short(event.metrics);
    case 'CustomEmitted':
      return `${event.name} ${short(event.payload)}`;
    case 'CommandRefused':
      return `${short(event.command)}: ${event.reason}`;
    case 'HookFailed':
      return `${event.hook}: ${event.error.message}`;
  }
};

const list = (ids: readonly string[] | undefined): string =>
  ids === undefined || ids.length === 0 ? '' : ` [${ids.join(', ')}]`;

const short = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};
