import type { RunFilter, RunSummary } from '../../run/EventStore.js';
import { Fault } from '../../stores/Fault.js';
import type { StoreKeys } from './keys.js';
import { decodeName } from './names.js';
import type { RedisLink } from './RedisLink.js';
import { RUN_FIELDS, summaryOf, type RunFields } from './RunHash.js';

/** So many runs are asked for at a time. */
const PAGE = 500;

/** Those with events, in the order of their starts. Rejects with a `Fault` for a damaged one, unless those are wanted, too. */
export const listRuns = async (
  link: RedisLink,
  keys: StoreKeys,
  { dagName, status, runId, withOwner = false, withDamaged = false }: RunFilter,
): Promise<readonly RunSummary[]> => {
  const found: RunSummary[] = [];
  for await (const ids of runId === undefined ? allIds(link, keys) : [[runId]]) {
    const { now, runs } = await fieldsOf(link, keys, ids);
    for (const [i, fields] of runs.entries()) {
      const run = summaryOf(ids[i]!, fields, now);
      if (run?.damage !== undefined && !withDamaged)
        throw new Fault(run.damage.includes('newer') ? 'NewerFormat' : 'JournalCorrupt', run.damage);
      if (run === undefined) continue;
      const { owner: _, ...unowned } = run;
      const isWanted =
        (dagName === undefined || run.dagName === dagName) && (status === undefined || run.status === status);
      if (isWanted || run.damage !== undefined) found.push(withOwner ? run : unowned);
    }
  }
  return found.sort((a, b) => a.startedAt - b.startedAt || a.key! - b.key!);
};

async function* allIds(link: RedisLink, keys: StoreKeys): AsyncIterable<readonly string[]> {
  const members = await link.call((client) => client.zrange(keys.runs, 0, -1));
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
