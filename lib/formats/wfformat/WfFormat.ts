/**
 * A workflow trace in WfFormat 1.5 (github.com/wfcommons/WfFormat), as far as it is read or written here: tasks that name
 * their parents and children, and how long each of them ran. Whatever else a file holds is let be.
 */
export interface WfFormat {
  readonly name: string;
  readonly description?: string;
  /** ISO 8601. */
  readonly createdAt?: string;
  readonly schemaVersion: '1.5';
  readonly runtimeSystem?: { readonly name: string; readonly version: string; readonly url?: string };
  readonly workflow: {
    readonly specification: { readonly tasks: readonly WfTask[] };
    readonly execution: WfExecution;
  };
}

export interface WfTask {
  /** What kind of task it is: the same for all that run the same program. */
  readonly name: string;
  readonly id: string;
  readonly parents: readonly string[];
  readonly children: readonly string[];
}

export interface WfExecution {
  readonly makespanInSeconds: number;
  /** ISO 8601. */
  readonly executedAt: string;
  readonly tasks: readonly WfExecutedTask[];
}

export interface WfExecutedTask {
  readonly id: string;
  readonly runtimeInSeconds: number;
  /** ISO 8601; absent for one that never started. */
  readonly executedAt?: string;
}

/** The only version that is read and written. */
export const WF_VERSION = '1.5';
