import type { Attributes } from '@opentelemetry/api';
import type { HookContext } from '../hooks/Hook.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Failure } from '../model/Failure.js';
import type { Instruments } from './Instruments.js';
import { quietly } from './quietly.js';
import type { RunListener } from './RunListener.js';

interface Running {
  readonly at: number;
  readonly attributes: Attributes;
}

/** Counts and times one run. Its nodes are told by their action, never by their id: series stay few. */
export class RunMetrics implements RunListener {
  readonly #to: Instruments;
  readonly #hook: HookContext;
  readonly #running = new Map<string, Running>();
  /** Since when nodes may start that were added or are tried again. */
  readonly #since = new Map<string, number>();
  #begunAt: number | undefined;

  constructor(to: Instruments, hook: HookContext) {
    this.#to = to;
    this.#hook = hook;
  }

  hear(event: ExecutionEvent): void {
    const { at } = event;
    this.#begunAt ??= at;
    switch (event.type) {
      case 'NodeAdded':
        this.#since.set(event.node.id!, at);
        return;
      case 'NodeRetried':
        this.#since.set(event.nodeId, at);
        return;
      case 'NodeStarted':
        this.#started(event.nodeId, at);
        return;
      case 'NodeRetryScheduled':
        this.#since.set(event.nodeId, at + event.delayMs);
        quietly(() => this.#to.retries.add(1, this.#attributesOf(event.nodeId)));
        this.#ended(event.nodeId, at, 'failed', event.error);
        return;
      case 'NodeSucceeded':
        this.#ended(event.nodeId, at, 'succeeded', undefined, event.cached);
        return;
      case 'NodeFailed':
        this.#ended(event.nodeId, at, 'failed', event.error);
        return;
      case 'NodeCancelled':
        this.#ended(event.nodeId, at, 'cancelled');
        return;
      case 'RunSettled':
        this.#to.runDuration.record((at - this.#begunAt) / 1_000, {
          'rxdag.dag.name': this.#hook.dagName,
          'rxdag.run.status': event.status,
        });
        return;
      default:
    }
  }

  /** What runs still does so for nobody: it is no longer counted. */
  close(): void {
    for (const { attributes } of this.#running.values()) quietly(() => this.#to.active.add(-1, attributes));
    this.#running.clear();
  }

  #started(nodeId: string, at: number): void {
    const attributes = this.#attributesOf(nodeId);
    this.#running.set(nodeId, { at, attributes });
    this.#to.active.add(1, attributes);
    this.#to.waitDuration.record(Math.max(0, at - this.#readyAt(nodeId)) / 1_000, attributes);
    this.#since.delete(nodeId);
  }

  /** When nothing but slots, pauses and hooks could hold the node any more. */
  #readyAt(nodeId: string): number {
    const since = Math.max(this.#begunAt ?? 0, this.#since.get(nodeId) ?? 0);
    const snapshot = this.#hook.snapshot();
    const ends = snapshot.node(nodeId)?.deps.map((dependency) => snapshot.node(dependency)?.endedAt ?? 0) ?? [];
    return ends.reduce((latest, end) => Math.max(latest, end), since);
  }

  #ended(nodeId: string, at: number, status: string, error?: Failure, cached = false): void {
    const running = this.#running.get(nodeId);
    if (running === undefined) return; // it waited, or never started
    this.#running.delete(nodeId);
    this.#to.active.add(-1, running.attributes);
    this.#to.nodeDuration.record((at - running.at) / 1_000, {
      ...running.attributes,
      'rxdag.node.status': status,
      ...(cached && { 'rxdag.node.cached': true }),
      ...(error !== undefined && { 'error.type': error.name }),
    });
  }

  #attributesOf(nodeId: string): Attributes {
    const action = this.#hook.snapshot().node(nodeId)?.action;
    return { 'rxdag.dag.name': this.#hook.dagName, ...(action !== undefined && { 'rxdag.action.name': action }) };
  }
}
