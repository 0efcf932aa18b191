import type { EventOf, ExecutionEvent, ExecutorSnapshot, InputValue, Json, SupervisorHookV2 } from '../../lib/index.js';
import { quoted } from './quoted.js';
import { readToolCalls } from './toolCalls.js';

/** Tells a run line by line, where something happens that deserves one. It only watches. */
export const tellRun = (write: (line: string) => void): SupervisorHookV2 => {
  let startedAt = 0;
  return {
    name: 'tellRun',
    observe: true,
    onEvent: (ctx, event) => {
      if (event.type === 'RunStarted') startedAt = event.at;
      const told = tell(event, ctx.snapshot());
      if (told !== undefined) write(`${String(event.at - startedAt).padStart(5)} ms  ${told}`);
    },
  };
};

const tell = (event: ExecutionEvent, snapshot: ExecutorSnapshot): string | undefined => {
  switch (event.type) {
    case 'RunStarted':
      return `the task is ${quoted(event.dagName)}`;
    case 'NodeAdded':
      return `${event.by ?? 'user'} adds ${event.node.id ?? ''}${toolOf(event)}`;
    case 'NodeSucceeded':
      return tellEnd(event, snapshot.node(event.nodeId)?.action ?? '');
    case 'NodeRetryScheduled':
      return `${event.nodeId} has failed and is tried again in ${event.delayMs} ms: ${event.error.message}`;
    case 'NodeFailed':
      return `${event.nodeId} has failed: ${event.error.message}`;
    case 'NodeWaiting':
      return `${event.nodeId} waits for a person${event.until === undefined ? '' : `, at most ${event.until - event.at} ms`}`;
    case 'CustomEmitted':
      return `${event.name}: ${quoted(event.payload)}`;
    case 'CommandRefused':
      return `a command is refused: ${event.reason}`;
    case 'HookFailed':
      return `the hook ${event.hook} has failed: ${event.error.message}`;
    case 'RunCancelling':
      return `the run is being cancelled: ${event.reason}`;
    case 'RunSettled':
      return `the run has ${event.status === 'cancelled' ? 'been cancelled' : event.status}`;
    default:
      return undefined;
  }
};

/** Which tool a new node runs, and with what. */
const toolOf = ({ node }: EventOf<'NodeAdded'>): string => {
  const { tool_name, args } = node.inputs ?? {};
  return node.action === 'tool_invoke_node' && typeof tool_name === 'string' && isLiteral(args)
    ? `: ${tool_name} ${quoted(args.$literal)}`
    : '';
};

const isLiteral = (value: InputValue | undefined): value is { readonly $literal: Json } =>
  typeof value === 'object' && value !== null && '$literal' in value;

const tellEnd = ({ nodeId, output, by }: EventOf<'NodeSucceeded'>, action: string): string | undefined => {
  switch (action) {
    case 'supervisor_step':
    case 'provider_llm_node': {
      const { calls } = readToolCalls(output);
      return calls.length === 0
        ? `${nodeId}: the model asks for nothing more`
        : `${nodeId}: the model asks for ${calls.map(({ name }) => name).join(', ')}`;
    }
    case 'tool_invoke_node':
      return `${nodeId} gives ${quoted(output)}`;
    case 'human.input':
      return by === undefined
        ? `nobody has answered ${nodeId}: on autopilot it goes on with its default, ${quoted(output)}`
        : `${nodeId} is answered: ${quoted(output)}`;
    default:
      return undefined;
  }
};
