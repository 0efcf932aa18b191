import * as E from '#fp-ts/Either';
import type { TaskEither } from '#fp-ts/TaskEither';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { RunStatus } from '../model/Status.js';
import type { EventStore, RunFilter, RunSummary, StoreError, StoreOwner } from '../run/EventStore.js';
import { ownerText, takenOver } from './ownerText.js';

interface Kept {
  readonly key: number;
  events: ExecutionEvent[];
  epoch: number;
  owner: StoreOwner | undefined;
  answered: Readonly<Record<string, number>>;
}

/** A store that keeps runs in this process's memory, for as long as it is referenced. */
export const memoryStore = (): EventStore => {
  const runs = new Map<string, Kept>();
  let keys = 0;
  let epochs = 0; // of all runs, so that none comes again for another run of the same id
  const keep = (runId: string): Kept => {
    let kept = runs.get(runId);
    if (kept === undefined)
      runs.set(runId, (kept = { key: ++keys, events: [], epoch: 0, owner: undefined, answered: {} }));
    return kept;
  };
  const task =
    <A>(work: () => E.Either<StoreError, A>): TaskEither<StoreError, A> =>
    () =>
      Promise.resolve(work());
  const refuse = (type: StoreError['type'], message: string): E.Either<StoreError, never> => E.left({ type, message });
  const ownedBy = (runId: string, owner: StoreOwner): E.Either<StoreError, never> =>
    refuse('OwnedElsewhere', `Run "${runId}" is owned by ${ownerText(owner)}.`);
  return {
    acquire: (runId, owner, options) =>
      task(() => {
        const kept = keep(runId);
        if (kept.owner !== undefined && kept.owner.id !== owner.id && options?.takeOver !== true)
          return ownedBy(runId, kept.owner);
        kept.owner = owner;
        kept.epoch = ++epochs;
        return E.right({ epoch: kept.epoch });
      }),
    append: (runId, epoch, expected, events, answered) =>
      task(() => {
        const kept = runs.get(runId);
        if (kept?.owner === undefined)
          return refuse('Fenced', `Run "${runId}" has no owner who could add to it; acquire it first.`);
        if (epoch !== kept.epoch) return refuse('Fenced', takenOver(runId, kept.owner));
        if (kept.events.length !== expected)
          return refuse('Conflict', `The log of run "${runId}" ends at ${kept.events.length}, not at ${expected}.`);
        for (const event of events) kept.events.push(event);
        kept.answered = { ...kept.answered, ...answered };
        return E.right(undefined);
      }),
    read: async function* (runId, fromSeq = 1) {
      const kept = runs.get(runId);
      for (let i = Math.max(1, fromSeq) - 1; i < (kept?.events.length ?? 0); i++) yield kept!.events[i]!;
    },
    answered: (runId) => task(() => E.right(runs.get(runId)?.answered ?? {})),
    runs: (filter) => task(() => E.right([...runs].flatMap(([runId, kept]) => summarise(runId, kept, filter)))),
    release: (runId, epoch) =>
      task(() => {
        const kept = runs.get(runId);
        if (kept !== undefined && kept.epoch === epoch) kept.owner = undefined;
        return E.right(undefined);
      }),
    remove: (runId) =>
      task(() => {
        const kept = runs.get(runId);
        if (kept?.owner !== undefined) return ownedBy(runId, kept.owner);
        runs.delete(runId);
        return E.right(undefined);
      }),
  };
};

const summarise = (
  runId: string,
  { key, events, owner }: Kept,
  filter: RunFilter | undefined,
): readonly RunSummary[] => {
  const first = events[0];
  const last = events[events.length - 1];
  if (first?.type !== 'RunStarted' || last === undefined) return [];
  const status = statusAt(events);
  if (
    (filter?.runId !== undefined && filter.runId !== runId) ||
    (filter?.dagName !== undefined && filter.dagName !== first.dagName) ||
    (filter?.status !== undefined && filter.status !== status) ||
    (filter?.isOpen === true && last.type === 'RunSettled')
  )
    return [];
  return [
    {
      runId,
      dagName: first.dagName,
      status,
      startedAt: first.forkedFrom?.at ?? first.at,
      seq: last.seq,
      key,
      ...(last.type === 'RunSettled'
        ? { endedAt: last.at }
        : filter?.withOwner === true && owner !== undefined
          ? { owner }
          : {}),
    },
  ];
};

const statusAt = (events: readonly ExecutionEvent[]): RunStatus => {
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i]!;
    if (event.type === 'RunSettled') return event.status;
    if (event.type === 'RunCancelling') return 'cancelling';
    if (event.type === 'RunPaused') return 'paused';
    if (event.type === 'RunResumed' || event.type === 'NodeAdded' || event.type === 'NodeRetried') return 'running';
    if (event.type === 'RunQuiescent') return 'quiescent';
  }
  return 'running';
};
