import type { ActionRegistry } from '../define/ActionRegistry.js';
import type { Cache } from '../define/Cache.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { Again } from '../state/Again.js';
import { isCut } from '../state/branches.js';
import { RETRYING, RUNNING, WAITING } from '../state/NodeRecord.js';
import type { RunState } from '../state/RunState.js';
import { inputsOf, outputOf } from '../state/values.js';
import { Attempt } from './Attempt.js';
import type { HookRunner } from './HookRunner.js';
import { keepOnly } from './ResultCache.js';
import { cacheEntries } from './RunCache.js';
import { TransientMap } from './TransientMap.js';
import { Workshop, type WorkshopParts } from './Workshop.js';

/** What published events set going outside: actions, aborts, timers, gates. Its outcomes come back as inputs. */
export class Effects {
  private readonly attempts = new TransientMap<number, Attempt>();
  private readonly state: RunState;
  private readonly registry: ActionRegistry;
  private readonly hooks: HookRunner;
  private readonly workshop: Workshop;
  /** What attempts share of nodes that are to run again: no result that is kept serves them. */
  private readonly fresh: Workshop;
  private readonly named: readonly string[] = [];
  private again: Again | undefined;
  /** The cache that outputs go into, where it is not the run's own. */
  private readonly cache: Cache | undefined;
  private readonly snapshot: () => ExecutorSnapshot;

  constructor(
    state: RunState,
    registry: ActionRegistry,
    hooks: HookRunner,
    workshop: WorkshopParts & { readonly again: readonly string[] },
    cache: Cache | undefined,
    snapshot: () => ExecutorSnapshot,
  ) {
    this.state = state;
    this.registry = registry;
    this.hooks = hooks;
    const { results, again } = workshop;
    const ended = (attempt: Attempt): void => this.ended(attempt);
    this.workshop = this.fresh = new Workshop(workshop, results, ended);
    if (results !== undefined && again.length > 0) {
      this.named = again;
      this.fresh = new Workshop(workshop, keepOnly(results), ended);
    }
    this.cache = cache;
    this.snapshot = snapshot;
  }

  /** Calls the action of a node that has started; `isKnown`: a worker may have it already. */
  launch(index: number, isKnown = false): void {
    const { state, registry } = this;
    const { spec, attempt, status, startedAt } = state.nodes.get(index);
    if (status !== RUNNING) return;
    const started = new Attempt(
      this.isAgain(index) ? this.fresh : this.workshop,
      index,
      spec,
      attempt,
      state.vault === undefined ? spec.item : state.realSpec(index).item,
      startedAt ?? 0,
    );
    this.attempts.set(index, started);
    started.run(registry.get(spec.action), () => inputsOf(state, index), isKnown);
    if (isKnown && (state.cancelling !== undefined || isCut(state, index))) started.stop('cancel');
  }

  apply(event: ExecutionEvent): void {
    const { state, workshop } = this;
    switch (event.type) {
      case 'NodeSucceeded':
        if (this.cache !== undefined)
          for (const [key, value] of cacheEntries(outputOf(state, state.find(event.nodeId)!) ?? null))
            this.cache.insertValue(event.nodeId, key, value);
        return;
      case 'NodeRetryScheduled': {
        const index = state.find(event.nodeId)!;
        workshop.timers.set(event.delayMs, () => workshop.post({ type: 'RetryDue', index, attempt: event.attempt }));
        return;
      }
      case 'NodeWaiting': {
        if (event.until === undefined) return;
        const index = state.find(event.nodeId)!;
        const { attempt } = state.nodes.get(index);
        workshop.timers.set(event.until - event.at, () => workshop.post({ type: 'InputTimeout', index, attempt }));
        return;
      }
      case 'NodeStarting': {
        const node = this.snapshot().node(event.nodeId);
        if (node !== undefined) this.hooks.ask({ index: state.find(event.nodeId)!, seq: event.seq, node });
        return;
      }
      case 'RunRecovered':
        return this.rearm();
      case 'RunCancelling':
        return this.stop(() => true);
      case 'BranchCancelled':
        return this.stop((index) => isCut(state, index));
      default:
    }
  }

  /** Sets the timers again that a crash has dropped, for what is left of them. */
  private rearm(): void {
    const { state, workshop } = this;
    const { timers, post } = workshop;
    for (let index = 0; index < state.nodes.size; index++) {
      const { status, attempt, extra } = state.nodes.get(index);
      const left = (until: number): number => Math.max(0, until - timers.now());
      if (status === RETRYING) timers.set(left(extra?.retryAt ?? 0), () => post({ type: 'RetryDue', index, attempt }));
      else if (status === WAITING && extra?.waitUntil !== undefined)
        timers.set(left(extra.waitUntil), () => post({ type: 'InputTimeout', index, attempt }));
    }
  }

  stop(which: (index: number) => boolean): void {
    for (const attempt of this.attempts.values()) if (which(attempt.at)) attempt.stop('cancel');
  }

  private isAgain(index: number): boolean {
    return this.named.length > 0 && (this.again ??= new Again(this.state, this.named)).has(index);
  }

  private ended(attempt: Attempt): void {
    if (this.attempts.get(attempt.at) === attempt) this.attempts.delete(attempt.at);
  }
}
