import { EngineError } from '../define/DagError.js';
import { show } from '../model/explain.js';

/** What breaks the engine, as the error that its report and streams end with. */
export const asEngineError = (error: unknown): EngineError =>
  error instanceof EngineError
    ? error
    : new EngineError(`The engine is broken: ${String((error as Error | undefined)?.message ?? error)}`, {
        cause: error,
      });

/** How a run ends here that goes on elsewhere. */
export const left = (runId: string): EngineError =>
  new EngineError(`Run ${show(runId)} was left to whoever resumes it.`);
