import type { ExecutionEvent, Json } from '../../lib/index.js';
import type { Check, Summary } from './flights.js';

/** Tells a run event by event, in plain words; what a hook has caused is set in, with who it was and what it answered. */
export const storyteller = (): ((event: ExecutionEvent) => string | undefined) => {
  const about = new Map<number, string>();
  let startedAt = 0;
  let running = 0;
  return (event) => {
    if (event.type === 'RunStarted') startedAt = event.at;
    if (event.type === 'NodeStarted') running++;
    if (event.type === 'NodeSucceeded' || event.type === 'NodeFailed') running--;
    about.set(event.seq, subjectOf(event));
    const told = tell(event, running);
    if (told === undefined) return undefined;
    const cause = event.cause === undefined ? undefined : about.get(event.cause);
    const who = event.by === undefined ? '' : `  ${event.by}${cause === undefined ? '' : `, on ${cause},`} `;
    return `${String(event.at - startedAt).padStart(5)} ms  ${who}${told}`;
  };
};

/** What an event is about, as an answer to it would say. */
const subjectOf = (event: ExecutionEvent): string => {
  if ('nodeId' in event) return event.nodeId;
  return event.type === 'NodeAdded' ? (event.node.id ?? '') : event.type === 'RunQuiescent' ? 'the end' : event.type;
};

const tell = (event: ExecutionEvent, running: number): string | undefined => {
  switch (event.type) {
    case 'RunStarted':
      return `the run starts with ${event.definition.nodes.length} nodes, ${event.config.maxParallelNodes} at a time`;
    case 'NodeStarted':
      return `${event.nodeId} starts (${running} running)`;
    case 'NodeSucceeded':
      return `${event.nodeId} is done${result(event.nodeId, event.output)}`;
    case 'NodeFailed':
      return `${event.nodeId} has failed: ${event.error.message}`;
    case 'NodeSkipped':
      return `${event.nodeId} is skipped: ${event.reason}`;
    case 'NodeAdded':
      return `adds ${event.node.id ?? ''}`;
    case 'NodeInputsSet':
      return `gives new inputs to ${event.nodeId}`;
    case 'BranchPaused':
      return `pauses the branch ${event.branchId}: ${event.reason ?? ''}`;
    case 'BranchResumed':
      return `resumes the branch ${event.branchId}`;
    case 'MetricsUpdated':
      return `updates ${Object.keys(event.metrics).length} metrics`;
    case 'CommandRefused':
      return `is refused: ${event.reason}`;
    case 'HookFailed':
      return `the hook ${event.hook} has failed: ${event.error.message}`;
    case 'RunSettled':
      return `the run has ${event.status}`;
    default:
      return undefined;
  }
};

const result = (nodeId: string, output: Json): string => {
  if (nodeId.startsWith('process-')) return `: ${summaryText((output as unknown as { summary: Summary }).summary)}`;
  if (nodeId === 'merge') return `: ${summaryText(output as unknown as Summary)}`;
  if (nodeId === 'check')
    return (output as unknown as Check).isPlausible ? ': all is plausible' : ': something is doubtful';
  return '';
};

const summaryText = ({ flights, late }: Summary): string => `${flights} flights, ${late} late`;
