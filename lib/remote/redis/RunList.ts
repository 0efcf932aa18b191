import type { RunFilter, RunSummary } from '../../run/EventStore.js';
import { Fault } from '../../stores/Fault.js';
import type { StoreKeys } from './keys.js';
import { decodeName, encodeName } from './names.js';
import type { RedisLink } from './RedisLink.js';
import { RUN_FIELDS, summaryOf, type RunFields } from './RunHash.js';
import { FORMAT } from './scripts.js';

/** So many runs are asked for at a time. */
const PAGE = 500;

/** Those with events, in the order of their starts. Rejects with a `Fault` for a damaged one, unless those are wanted, too. */
export const listRuns = async (
  link: RedisLink,
  keys: StoreKeys,
  { dagName, status, runId, isOpen = false, withOwner = false, withDamaged = false }: RunFilter,
): Promise<readonly RunSummary[]> => {
  const found: RunSummary[] = [];
  for await (const ids of runId === undefined ? allIds(link, isOpen ? keys.open : keys.runs) : [[runId]]) {
    const { now, runs } = await fieldsOf(link, keys, ids);
    for (const [i, fields] of runs.entries()) {
      const run = summaryOf(ids[i]!, fields, now);
      if (run?.damage !== undefined && !withDamaged)
        throw new Fault(Number(fields[0]) > FORMAT ? 'NewerFormat' : 'JournalCorrupt', run.damage);
      if (run === undefined) continue;
      const { owner: _, ...unowned } = run;
      if (isOpen && run.endedAt !== undefined && run.damage === undefined) {
        await closeRun(link, keys, run.runId); // whoever has ended it could not
        continue;
      }
      const isWanted =
        (dagName === undefined || run.dagName === dagName) && (status === undefined || run.status === status);
      if (isWanted || run.damage !== undefined) found.push(withOwner ? run : unowned);
    }
  }
  return found.sort((a, b) => a.startedAt - b.startedAt || a.key! - b.key!);
};

/** Puts a run with events into the lists; where it is there already it stays as it is. */
export const listRun = async (link: RedisLink, keys: StoreKeys, runId: string, startedAt: number): Promise<void> => {
  const id = encodeName(runId);
  await link.call((client) =>
    Promise.all([keys.runs, keys.open].map((list) => client.zadd(list, 'NX', startedAt, id))),
  );
};

/** Takes a run off both lists. */
export const unlistRun = async (link: RedisLink, keys: StoreKeys, runId: string): Promise<void> => {
  const id = encodeName(runId);
  await link.call((client) => Promise.all([keys.runs, keys.open].map((list) => client.zrem(list, id))));
};

/** Takes a run off the list of those that have not ended. */
export const closeRun = async (link: RedisLink, keys: StoreKeys, runId: string): Promise<void> => {
  await link.call((client) => client.zrem(keys.open, encodeName(runId)));
};

async function* allIds(link: RedisLink, list: string): AsyncIterable<readonly string[]> {
  const members = await link.call((client) => client.zrange(list, 0, -1));
  for (let i = 0; i < members.length; i += PAGE) yield members.slice(i, i + PAGE).flatMap(idIn);
}

const idIn = (member: string): readonly string[] => {
  try {
    return [decodeName(member)];
  } catch {
    return []; // not one of ours
  }
};

const fieldsOf = (
  link: RedisLink,
  keys: StoreKeys,
  ids: readonly string[],
): Promise<{ readonly now: number; readonly runs: readonly RunFields[] }> =>
  link.call(async (client) => {
    const [[seconds, micros], ...runs] = await Promise.all([
      client.time(),
      ...ids.map((id) => client.hmget(keys.of(id).run, ...RUN_FIELDS)),
    ]);
    return { now: Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000), runs };
  });
