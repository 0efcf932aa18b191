import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { printable } from '../model/printable.js';
import type { SupervisorHookV2 } from './Hook.js';

export interface LoggingOptions {
  /** Takes one line, without a line break at its end. What it throws is reported as HookFailed. @default console.log */
  readonly write?: (line: string) => void;
  /** Only events of these types. @default all */
  readonly types?: readonly ExecutionEvent['type'][];
  /** @default 'logging' */
  readonly name?: string;
}

/**
 * Writes one plain line per event: its time (ISO 8601), seq and type, then `key=value` for what it tells. Values are cut
 * at 120 characters and control characters are shown escaped, so whatever ids and messages hold, a line stays a line and
 * a terminal stays as it is. It only watches: it gives no commands and holds nothing back. A resumed run is logged from
 * where it goes on.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, action, loggingHook } from 'rxdag';
 * import { VirtualTime } from 'rxdag/testing';
 *
 * const lines: string[] = [];
 * const time = new VirtualTime();
 * const executor = new DagExecutor({
 *   registry: new ActionRegistry().register(action('ring', () => 'ding\u0007')),
 *   hooks: [loggingHook({ write: (line) => lines.push(line), types: ['NodeSucceeded'] })],
 *   scheduler: time,
 * });
 * executor.start({ name: 'demo', nodes: [{ id: 'a', action: 'ring' }] });
 * time.flush();
 * console.log(lines[0]); // => 1970-01-01T00:00:00.000Z #3 NodeSucceeded nodeId=a attempt=1 output="ding\u0007" durationMs=0 cached=false
 * ```
 */
export const loggingHook = ({
  write = defaultWrite,
  types,
  name = 'logging',
}: LoggingOptions = {}): SupervisorHookV2 => {
  const wanted = types === undefined ? undefined : new Set(types);
  return {
    name,
    observe: true,
    onEvent: (_, event) => {
      if (wanted === undefined || wanted.has(event.type)) write(eventLine(event));
    },
  };
};

const defaultWrite = (line: string): void => console.log(line);

const eventLine = (event: ExecutionEvent): string => {
  const { at, seq, type, by, cause } = event;
  const fields = Object.entries({ ...fieldsOf(event), by, cause }).filter(([, value]) => value !== undefined);
  return [new Date(at).toISOString(), `#${seq}`, type, ...fields.map(([key, value]) => `${key}=${textOf(value)}`)].join(
    ' ',
  );
};

const fieldsOf = (event: ExecutionEvent): Readonly<Record<string, unknown>> => {
  switch (event.type) {
    case 'RunStarted':
      return { dagName: event.dagName, runId: event.runId, nodes: event.definition.nodes.length };
    case 'NodeAdded':
      return { nodeId: event.node.id, action: event.node.action, deps: event.node.deps };
    case 'NodeFailed':
    case 'NodeRetryScheduled':
    case 'HookFailed': {
      const { seq: _, at: __, type: ___, nth: ____, error, ...rest } = event;
      return { ...rest, error: `${error.name}: ${error.message}` };
    }
    default: {
      const { seq: _, at: __, type: ___, nth: ____, ...rest } = event;
      return rest;
    }
  }
};

const VALUE_MAX = 120;

/** A value on one line: bare where nothing in it could be misread, else as JSON. */
const textOf = (value: unknown): string => {
  const isBare = typeof value === 'string' && /^[^\s"=\\{}[\]\p{C}]+$/u.test(value);
  const text = isBare ? value : JSON.stringify(value);
  return printable(text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX)}…` : text);
};
