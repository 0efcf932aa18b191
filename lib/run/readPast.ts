import * as E from '#fp-ts/Either';
import { DagError, EngineError } from '../define/DagError.js';
import { show } from '../model/explain.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { newOwner } from '../state/Vector.js';
import type { EventStore, StoreError } from './EventStore.js';
import type { Past } from './Past.js';

/** Takes a stored run over and reads its log. */
export const readPast = async (
  store: EventStore,
  runId: string,
  takeOver: boolean,
  startedAt: number,
  random: () => number,
): Promise<Past> => {
  const unknown = (): DagError => new DagError('UnknownRun', `There is no run ${show(runId)} in the store.`);
  if (!(await has(store, runId))) throw unknown();
  const ownerId = `${runId}#${newOwner()}.${random()}`;
  const { epoch } = orThrow(await store.acquire(runId, { id: ownerId, startedAt }, { takeOver })());
  const events: ExecutionEvent[] = [];
  for await (const event of store.read(runId)) events.push(event);
  if (events[0]?.type !== 'RunStarted') throw unknown();
  return { events, epoch, ownerId, answered: orThrow(await store.answered(runId)()) };
};

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
