import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import { runStatuses, type RunStatus } from '../../model/Status.js';
import type { SourceMessage } from './RunSource.js';

/** How a run looks at a seq. */
export type State = Extract<SourceMessage, { type: 'state' }>;

/** A list of events, each in its place behind the one before; undefined for anything else. */
export const eventsIn = (value: unknown): readonly ExecutionEvent[] | undefined => {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  let next: number | undefined;
  for (const event of value as readonly unknown[]) {
    const { seq, at, type } = Object(event) as Partial<ExecutionEvent>;
    if (!Number.isSafeInteger(seq) || seq! < 1 || seq !== (next ?? seq)) return undefined;
    if (!Number.isFinite(at) || typeof type !== 'string') return undefined;
    next = seq! + 1;
  }
  return value as readonly ExecutionEvent[];
};

/** A state as it is sent, its looks in base 64; undefined for anything else. */
export const stateIn = (value: unknown): State | undefined => {
  const { seq, at, status, looks } = Object(value) as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(seq) || (seq as number) < 1 || !Number.isFinite(at) || typeof looks !== 'string')
    return undefined;
  if (!runStatuses.includes(status as RunStatus)) return undefined;
  try {
    const bytes = atob(looks);
    const codes = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i++) codes[i] = bytes.charCodeAt(i);
    return { type: 'state', seq: seq as number, at: at as number, status: status as RunStatus, looks: codes };
  } catch {
    return undefined;
  }
};

/** JSON that need not be any; undefined then. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
