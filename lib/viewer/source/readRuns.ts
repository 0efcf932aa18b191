import type { ListedRun, RunListing } from './ListedRun.js';
import { parsed } from './decodeMessage.js';
import { ServerClient, type ServerAddress } from './ServerClient.js';

/** Asks a server for the runs that it knows. Rejects with `NoAnswer`. */
export const readRuns = async (address: Omit<ServerAddress, 'runId'>): Promise<RunListing> => {
  const answer = await new ServerClient({ url: address.url, token: address.token }).get('');
  const { runs, total } = Object(parsed(await answer.text())) as Readonly<Record<string, unknown>>;
  const known = Array.isArray(runs) ? runs.filter(isListed) : [];
  return { runs: known, total: typeof total === 'number' ? total : known.length };
};

const isListed = (run: unknown): run is ListedRun => {
  const { runId, dagName, stand, startedAt, seq } = Object(run) as Partial<Record<keyof ListedRun, unknown>>;
  return (
    typeof runId === 'string' &&
    typeof dagName === 'string' &&
    typeof stand === 'string' &&
    Number.isFinite(startedAt) &&
    Number.isFinite(seq)
  );
};
