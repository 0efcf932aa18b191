import type { StoreError } from '../run/EventStore.js';

/** The store's error that an error is, or rests on: it has a type and a message of its own. */
export const storeFaultOf = (error: unknown): StoreError | undefined => {
  const fault = Object((error as { cause?: unknown } | undefined)?.cause ?? error) as Partial<StoreError>;
  const { type, message } = fault;
  return STORE.includes(type) && typeof message === 'string' ? (fault as StoreError) : undefined;
};

const STORE: readonly unknown[] = [
  'StoreUnavailable',
  'Fenced',
  'Diverged',
  'Conflict',
  'JournalCorrupt',
  'NewerFormat',
  'ForeignFile',
  'OwnedElsewhere',
];
