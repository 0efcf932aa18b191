import type { NodeSpec } from '../model/NodeSpec.js';
import type { LogBranch } from './LogBranches.js';

/** Where a node stands, as far as a log tells; `idle` is all that comes before its start. */
export type Phase =
  | 'idle'
  | 'starting'
  | 'running'
  | 'waiting'
  | 'retrying'
  | 'succeeded'
  | 'failed'
  | 'skipped'
  | 'cancelled'
  | 'removed';

/** What an ended node is to its dependants: `void` is a skip on purpose without an output. */
export type Kind = 'good' | 'bad' | 'void';

/** One node of a log that is being checked. */
export class LogNode {
  readonly id: string;
  readonly spec: NodeSpec;
  readonly deps = new Set<LogNode>();
  readonly dependents = new Set<LogNode>();
  /** Its place in a topological order. */
  order = 0;
  phase: Phase = 'idle';
  /** Set while it is final. */
  kind: Kind | undefined;
  /** Attempts begun, and those of them that count against `tryCount`. */
  attempt = 0;
  tries = 0;
  interruptions = 0;
  /** Between NodeInterrupted and its next start. */
  interrupted = false;
  retryAt = 0;
  /** The seq of the NodeStarting whose gates are asked. */
  asked = 0;
  /** The node it was skipped for. */
  becauseOf: string | undefined;
  /** Its output shows redacted values. */
  isMasked = false;
  parent: LogNode | undefined;
  children: LogNode[] | undefined;
  openChildren = 0;
  /** How many paused and cancelled branches it is in. */
  pausedBy = 0;
  cancelledBy = 0;
  branches: LogBranch[] | undefined;

  constructor(id: string, spec: NodeSpec) {
    this.id = id;
    this.spec = spec;
  }

  get final(): boolean {
    return this.kind !== undefined;
  }

  get pool(): string | undefined {
    return this.spec.pool;
  }
}
