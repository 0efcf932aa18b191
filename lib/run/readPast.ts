import * as E from '#fp-ts/Either';
import { DagError, EngineError } from '../define/DagError.js';
import { show } from '../model/explain.js';
import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import { unknownIn, unknownText } from '../model/UnknownEvents.js';
import type { Plan } from '../plan/Plan.js';
import { LostValues } from '../state/LostValues.js';
import type { Lost } from '../state/Vault.js';
import type { Turn } from '../state/Turn.js';
import { newOwner } from '../state/Vector.js';
import { answersIn } from './answersIn.js';
import type { EventStore, StoreError } from './EventStore.js';
import type { ForkedLog } from './forkedLog.js';
import type { Past } from './Past.js';

/** Reads a stored run's log, up to `lastSeq`. Rejects with a `DagError` where there is none, or no such event. */
export const readLog = async (
  store: EventStore,
  runId: string,
  lastSeq = Infinity,
): Promise<readonly ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  try {
    if (lastSeq > 0)
      for await (const event of store.read(runId)) {
        events.push(event);
        if (event.seq >= lastSeq) break;
      }
  } catch (error) {
    throw new EngineError(String((error as Error | undefined)?.message ?? error), { cause: error });
  }
  if (events[0]?.type !== 'RunStarted')
    throw new DagError('UnknownRun', `There is no run ${show(runId)} in the store.`);
  if (lastSeq !== Infinity && events.length !== lastSeq)
    throw new DagError(
      'UnknownRun',
      `Run ${show(runId)} has ${events.length} events; there is no event ${show(lastSeq)}.`,
    );
  return events;
};

/** Takes a stored run over and reads its log. */
export const readPast = (store: EventStore, runId: string, owner: Ownership): Promise<Past> =>
  owning(store, runId, owner, async () => {
    const events = await readLog(store, runId);
    refuseUnknown(runId, events);
    return { events, answered: orThrow(await store.answered(runId)()) };
  });

/** Throws for a log that this version does not understand: what it would go on with is not what the run had come to. */
const refuseUnknown = (runId: string, events: readonly ExecutionEvent[]): void => {
  const unknown = unknownIn(events);
  if (unknown === undefined) return;
  const message = `The log of run ${show(runId)} has ${unknownText(unknown)}. A version that knows them can go on with it.`;
  throw new EngineError(message, { cause: { type: 'NewerFormat', message } satisfies StoreError });
};

/** How a run is taken. */
export interface Ownership {
  readonly takeOver?: boolean | undefined;
  readonly startedAt: number;
  readonly random: () => number;
}

/** Makes this process the owner of a run, but lets go of it where its past can't be had. */
const owning = async (
  store: EventStore,
  runId: string,
  { takeOver = false, startedAt, random }: Ownership,
  past: (epoch: number) => Promise<Pick<Past, 'events' | 'answered'>>,
): Promise<Past> => {
  const ownerId = `${runId}#${newOwner()}.${random()}`;
  const { epoch } = orThrow(await store.acquire(runId, { id: ownerId, startedAt }, { takeOver })());
  try {
    const { events, answered } = await past(epoch);
    return { events, epoch, ownerId, answered, known: answersIn(events), again: againIn(events), lost };
  } catch (error) {
    await store.release(runId, epoch)();
    throw error;
  }
};

/** How far each hook had answered, counted by the events of a fork's log. */
export const answeredIn = async (
  store: EventStore,
  runId: string,
  { origins }: ForkedLog,
): Promise<Readonly<Record<string, number>>> => {
  const answered = orThrow(await store.answered(runId)());
  const countUpTo = (seq: number): number => {
    const after = origins.findIndex((origin) => origin > seq);
    return after === -1 ? origins.length : after;
  };
  return Object.fromEntries(Object.entries(answered).map(([hook, seq]) => [hook, countUpTo(seq)]));
};

/** Puts a log into the store as a run of its own, and owns it. */
export const writePast = async (
  store: EventStore,
  events: readonly ExecutionEvent[],
  answered: Readonly<Record<string, number>>,
  owner: Ownership,
): Promise<Past> => {
  const { runId, forkedFrom } = events[0] as EventOf<'RunStarted'>;
  refuseUnknown(forkedFrom?.runId ?? runId, events);
  if (await has(store, runId))
    throw new DagError('DuplicateRun', `There is a run ${show(runId)} already; give another id.`);
  return owning(store, runId, owner, async (epoch) => {
    orThrow(await store.append(runId, epoch, 0, events, answered)());
    return { events, answered };
  });
};

const againIn = ([first]: readonly ExecutionEvent[]): readonly string[] =>
  (first as EventOf<'RunStarted'>).forkedFrom?.again ?? [];

const lost = (turn: Turn, plan: Plan): Lost => new LostValues(turn, plan);

const has = async (store: EventStore, runId: string): Promise<boolean> => {
  for await (const _ of store.read(runId)) return true;
  return false;
};

const orThrow = <A>(result: E.Either<StoreError, A>): A => {
  if (E.isRight(result)) return result.right;
  const { type, message } = result.left;
  throw type === 'OwnedElsewhere'
    ? new DagError('OwnedElsewhere', message)
    : new EngineError(message, { cause: result.left });
};
