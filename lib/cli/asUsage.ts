import { DagError, type StoreError } from '../index.js';
import { UsageError } from './UsageError.js';

/** What the library finds wrong with what it was given is a wrong use of the command. */
export const asUsage = <T>(make: () => T): T => {
  try {
    return make();
  } catch (error) {
    throw usageOf(error);
  }
};

export const asUsageLater = async <T>(make: () => Promise<T>): Promise<T> => {
  try {
    return await make();
  } catch (error) {
    throw usageOf(error);
  }
};

const usageOf = (error: unknown): unknown => {
  if (error instanceof DagError) return new UsageError(error.message);
  const fault = storeFaultOf(error);
  return fault === undefined ? error : new UsageError(fault.message, { cause: fault });
};

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
