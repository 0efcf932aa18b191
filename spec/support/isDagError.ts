import { DagError } from '../../lib/index.js';

/** Whether an error tells of a wrong use of the library. */
export const isDagError = (error: unknown): boolean => error instanceof DagError;
