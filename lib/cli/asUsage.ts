import { DagError } from '../index.js';
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
  // A store's error has a type and a message of its own.
  const { type, message } = Object((error as { cause?: unknown } | undefined)?.cause ?? error) as {
    type?: unknown;
    message?: unknown;
  };
  return typeof type === 'string' && typeof message === 'string' && STORE.includes(type)
    ? new UsageError(message, { cause: { type } })
    : error;
};

const STORE = [
  'StoreUnavailable',
  'Fenced',
  'Diverged',
  'Conflict',
  'JournalCorrupt',
  'NewerFormat',
  'ForeignFile',
  'OwnedElsewhere',
];
