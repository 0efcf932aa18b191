import { Observable, type Subscriber } from 'rxjs';
import type { RunStatus } from '../../model/Status.js';
import type { StoreError } from '../../run/EventStore.js';
import { Fault } from '../../stores/Fault.js';

/** A run that this store has acquired, as far as it has been told. */
export interface Lease {
  readonly runId: string;
  readonly epoch: number;
  /** Given to nobody else, ever: what the log is guarded with. */
  readonly token: string;
  /** Where the log ends. */
  seq: number;
  status: RunStatus;
}

interface Kept {
  readonly lease: Lease;
  /** When it was sure last, by `performance.now`. */
  at: number;
  lost: StoreError | undefined;
  readonly watchers: Set<Subscriber<never>>;
}

/** Keeps the leases of a store: renews each every third of its time, and tells who watches when one is lost. */
export class Leases {
  readonly #leaseMs: number;
  readonly #renew: (lease: Lease, limitMs: number) => Promise<void>;
  readonly #kept = new Map<string, Kept>();
  #timer: NodeJS.Timeout | undefined;

  /** `renew` rejects with a `Fault`: `Fenced` where another has the run, any other where that can't be known. */
  constructor(leaseMs: number, renew: (lease: Lease, limitMs: number) => Promise<void>) {
    this.#leaseMs = leaseMs;
    this.#renew = renew;
  }

  /** Whether or not it is lost by now. */
  find(runId: string, epoch: number): Lease | undefined {
    const kept = this.#kept.get(runId);
    return kept?.lease.epoch === epoch ? kept.lease : undefined;
  }

  /** `at` is when it was asked for, by `performance.now`. */
  keep(lease: Lease, at: number): void {
    const before = this.#kept.get(lease.runId);
    if (before !== undefined)
      lose(before, 'Fenced', `Run ${JSON.stringify(lease.runId)} was acquired again; this owner stops.`);
    this.#kept.set(lease.runId, { lease, at, lost: undefined, watchers: new Set() });
    this.#timer ??= this.#next();
  }

  /** It was sure when that was asked for, by `performance.now`. */
  renewed(lease: Lease, at: number): void {
    const kept = this.#of(lease);
    if (kept !== undefined) kept.at = Math.max(kept.at, at);
  }

  lost(lease: Lease, { type, message }: StoreError): void {
    const kept = this.#of(lease);
    if (kept !== undefined) lose(kept, type, message);
  }

  /** Forgets it; who watches is told that all is well. */
  drop(lease: Lease): void {
    const kept = this.#of(lease);
    if (kept === undefined) return;
    this.#kept.delete(lease.runId);
    for (const watcher of kept.watchers) watcher.complete();
    if (this.#kept.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  all(): readonly Lease[] {
    return Array.from(this.#kept.values(), ({ lease }) => lease);
  }

  held(runId: string, epoch: number): Observable<never> {
    return new Observable((subscriber) => {
      const kept = this.#kept.get(runId);
      if (kept?.lease.epoch !== epoch) return subscriber.error(notHeld(runId));
      if (kept.lost !== undefined) return subscriber.error(kept.lost);
      kept.watchers.add(subscriber);
      return () => kept.watchers.delete(subscriber);
    });
  }

  #of(lease: Lease): Kept | undefined {
    const kept = this.#kept.get(lease.runId);
    return kept?.lease === lease ? kept : undefined;
  }

  #next(): NodeJS.Timeout {
    return setTimeout(() => void this.#renewAll(), this.#leaseMs / 3);
  }

  async #renewAll(): Promise<void> {
    const timer = this.#timer;
    await Promise.all(Array.from(this.#kept.values(), (kept) => this.#renewOne(kept)));
    if (this.#timer === timer) this.#timer = this.#kept.size > 0 ? this.#next() : undefined;
  }

  /** One that can't be asked for stays: Redis tells, once it can, whether another has come. */
  async #renewOne(kept: Kept): Promise<void> {
    if (kept.lost !== undefined) return;
    const at = performance.now();
    const left = Math.max(kept.at + this.#leaseMs - at, MOMENT_MS);
    try {
      await this.#renew(kept.lease, Math.min(left, this.#leaseMs / 3));
      kept.at = Math.max(kept.at, at);
    } catch (error) {
      if (error instanceof Fault && error.type === 'Fenced') lose(kept, 'Fenced', error.message);
    }
  }
}

const MOMENT_MS = 250;

/** Why whoever has never acquired a run, or has let go of it, may not write it. */
export const notHeld = (runId: string): StoreError => ({
  type: 'Fenced',
  message: `Run ${JSON.stringify(runId)} is not owned by this store, or no longer; acquire it first.`,
});

const lose = (kept: Kept, type: StoreError['type'], message: string): void => {
  kept.lost ??= { type, message };
  const watchers = [...kept.watchers];
  kept.watchers.clear();
  for (const watcher of watchers) watcher.error(kept.lost);
};
