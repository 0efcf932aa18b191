import type { EventOf, ExecutionEvent, Json } from '../index.js';
import { show } from '../model/explain.js';
import { counted, valueText } from './eventLine.js';
import { failureText } from './failureText.js';

export interface RunningNode {
  readonly startedAt: number;
  readonly attempt: number;
  progress: string;
}

/** What somebody has to answer before a node goes on. */
export interface OpenInput {
  readonly nodeId: string;
  readonly question: string;
  readonly byDefault: Json | undefined;
  /** When the run goes on without an answer, epoch milliseconds. */
  readonly until: number | undefined;
}

const KEPT = 50;
const FEW = 3;

/** What a live view shows of a run beyond its counts: kept up to date by event, at a constant cost for each. */
export class RunWatch {
  /** When the run began; of a fork, when that was made. */
  startedAt: number | undefined;
  /** By node id, those that began first coming first. */
  readonly running = new Map<string, RunningNode>();
  readonly retrying = new Map<string, { readonly at: number; readonly reason: string }>();
  readonly inputs = new Map<string, OpenInput>();
  /** The node that somebody is being asked about at this moment. */
  asked: string | undefined;
  /** Branches that are paused, with the reason. */
  readonly paused = new Map<string, string>();
  /** Set while the run itself is paused. */
  pausedBecause: string | undefined;
  /** The latest failures of nodes that have not been tried again since. */
  readonly failures = new Map<string, string>();
  /** Why nodes were skipped on purpose, the first ones. */
  readonly skips = new Map<string, string>();
  /** How many commands had been refused before this process had the run. */
  refusedBefore = 0;
  /** What hooks asked for lately, and what became of it; the latest last. */
  readonly notes: string[] = [];
  #added:
    | { readonly by: string; readonly cause: number | undefined; count: number; readonly ids: string[] }
    | undefined;

  hear(event: ExecutionEvent): void {
    this.startedAt ??= (event.type === 'RunStarted' ? event.forkedFrom?.at : undefined) ?? event.at;
    if (event.type !== 'NodeAdded') this.#added = undefined;
    switch (event.type) {
      case 'NodeAdded':
        if (event.node.parent === undefined) this.#noteAdded(event);
        return;
      case 'NodeStarted':
        this.retrying.delete(event.nodeId);
        this.failures.delete(event.nodeId);
        this.running.set(event.nodeId, { startedAt: event.at, attempt: event.attempt, progress: '' });
        return;
      case 'NodeProgressed': {
        const node = this.running.get(event.nodeId);
        if (node !== undefined) node.progress = valueText(event.value, 200);
        return;
      }
      case 'NodeRetryScheduled':
        this.#end(event.nodeId);
        this.retrying.set(event.nodeId, { at: event.at + event.delayMs, reason: failureText(event.error) });
        return;
      case 'NodeWaiting':
        if (event.on === 'input') this.inputs.set(event.nodeId, questionOf(event));
        return;
      case 'NodeFailed':
        this.#end(event.nodeId);
        this.failures.delete(event.nodeId);
        this.failures.set(event.nodeId, failureText(event.error));
        if (this.failures.size > KEPT) this.failures.delete(this.failures.keys().next().value!);
        return;
      case 'NodeSucceeded':
      case 'NodeSkipped':
      case 'NodeCancelled':
        this.#end(event.nodeId);
        if (event.type === 'NodeSkipped' && event.becauseOf === undefined && this.skips.size < KEPT)
          this.skips.set(event.nodeId, event.reason);
        if (event.by !== undefined && event.type === 'NodeSkipped')
          this.#note(event, `skipped ${event.nodeId}`, event.reason);
        return;
      case 'NodeInterrupted':
        this.#end(event.nodeId);
        return;
      case 'NodeRetried':
        this.#end(event.nodeId);
        this.failures.delete(event.nodeId);
        return this.#note(event, `tries ${event.nodeId} again`);
      case 'RunPaused':
        this.pausedBecause = event.reason ?? '';
        return this.#note(event, 'paused the run', event.reason);
      case 'RunResumed':
        this.pausedBecause = undefined;
        return this.#note(event, 'resumed the run', event.reason);
      case 'RunCancelling':
        return this.#note(event, 'cancelled the run', event.reason);
      case 'BranchPaused':
        this.paused.set(event.branchId, event.reason ?? '');
        return this.#note(event, `paused branch ${event.branchId}`, event.reason);
      case 'BranchResumed':
        this.paused.delete(event.branchId);
        return this.#note(event, `resumed branch ${event.branchId}`, event.reason);
      case 'BranchCancelled':
        this.paused.delete(event.branchId);
        return this.#note(event, `cancelled branch ${event.branchId}`, event.reason);
      case 'NodeRemoved':
        return this.#note(event, `removed ${event.nodeId}`);
      case 'NodeInputsSet':
        return this.#note(event, `set the inputs of ${event.nodeId}`);
      case 'DependencyAdded':
        return this.#note(event, `lets ${event.to} wait for ${event.from}`);
      case 'PrioritySet':
        return this.#note(event, `gave ${event.nodeId} priority ${event.priority}`);
      case 'ConcurrencySet':
        return this.#note(event, `lets ${event.maxParallelNodes} run at once`);
      case 'CommandRefused':
        return this.#note(event, 'was refused', event.reason);
      case 'HookFailed':
        return this.#keep(`${event.hook} failed: ${failureText(event.error)}`);
      case 'MetricsUpdated':
      case 'CustomEmitted':
      case 'NodeStarting':
      case 'RunStarted':
      case 'RunRecovered':
      case 'RunQuiescent':
      case 'RunSettled':
    }
  }

  #end(nodeId: string): void {
    this.running.delete(nodeId);
    this.retrying.delete(nodeId);
    this.inputs.delete(nodeId);
  }

  #note({ by }: ExecutionEvent, what: string, reason?: string): void {
    if (by !== undefined && by !== 'user') this.#keep(`${by} ${what}${reason === undefined ? '' : `: ${reason}`}`);
  }

  /** Nodes that a hook adds in answer to one event are told together. */
  #noteAdded({ by, cause, node }: Extract<ExecutionEvent, { type: 'NodeAdded' }>): void {
    if (by === undefined || by === 'user') return;
    const added = this.#added;
    if (added?.by === by && added.cause === cause) {
      this.notes.pop();
      added.count++;
      if (added.ids.length < FEW) added.ids.push(node.id!);
    } else this.#added = { by, cause, count: 1, ids: [node.id!] };
    const { count, ids } = this.#added!;
    this.#keep(
      `${by} added ${count === 1 ? ids[0]! : `${counted(count, 'node')}: ${ids.join(', ')}${count > FEW ? ', …' : ''}`}`,
    );
  }

  #keep(note: string): void {
    this.notes.push(note);
    if (this.notes.length > KEPT) this.notes.shift();
  }
}

/** The input `question`; without one, all that the node was given. */
const questionOf = ({ nodeId, inputs = {}, until }: EventOf<'NodeWaiting'>): OpenInput => {
  const { question, default: byDefault, ...rest } = inputs;
  const given = Object.entries(rest).map(([key, value]) => `${key}: ${valueText(value)}`);
  const unasked = `Input for ${show(nodeId)}?${given.length === 0 ? '' : ` (${given.join(', ')})`}`;
  return { nodeId, question: question === undefined ? unasked : valueText(question, 1_000), byDefault, until };
};
