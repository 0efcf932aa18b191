import type { GraphError } from '../plan/GraphError.js';

export type DagErrorType =
  | 'UnknownDag'
  | 'InvalidDag'
  | 'DuplicateDag'
  | 'InvalidAction'
  | 'DuplicateAction'
  | 'InvalidCache'
  | 'InvalidOptions'
  | 'UnknownRun'
  | 'DuplicateRun'
  | 'OwnedElsewhere'
  | 'HistoryDropped';

/** A wrong use of the library; the message says what to do about it. */
export class DagError extends Error {
  override readonly name = 'DagError';
  readonly type: DagErrorType;
  /** All that is wrong with an invalid DAG. */
  readonly errors?: readonly GraphError[];

  constructor(type: DagErrorType, message: string, errors?: readonly GraphError[]) {
    super(message);
    this.type = type;
    if (errors !== undefined) this.errors = errors;
  }
}

/** The engine itself, or its store, is broken: no fault of an action, a hook or a definition. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
