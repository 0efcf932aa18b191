import { DagError } from '../index.js';
import { storeFaultOf } from '../stores/storeFaultOf.js';
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
