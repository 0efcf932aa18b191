import { EngineError } from '../define/DagError.js';

/** What breaks the engine, as the error that its report and streams end with. */
export const asEngineError = (error: unknown): EngineError =>
  error instanceof EngineError
    ? error
    : new EngineError(`The engine is broken: ${String((error as Error | undefined)?.message ?? error)}`, {
        cause: error,
      });
