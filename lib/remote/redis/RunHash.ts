import { runStatuses, type RunStatus } from '../../model/Status.js';
import type { RunSummary, StoreOwner } from '../../run/EventStore.js';
import { FORMAT } from './scripts.js';

/** What a list of runs needs of a run's hash, in this order. */
export const RUN_FIELDS = [
  'format',
  'dagName',
  'startedAt',
  'status',
  'endedAt',
  'seq',
  'born',
  'owner',
  'leaseUntil',
] as const;

/** What the fields begin with that tell how far hooks have answered. */
export const ANSWER = 'a:';

export type RunFields = readonly (string | null)[];

/** A run as a list tells it; undefined where there is none, or one without events. `now` by the clock of Redis. */
export const summaryOf = (runId: string, fields: RunFields, now: number): RunSummary | undefined => {
  const [format, dagName, startedAt, status, ended, seq, born, owner, leaseUntil] = fields;
  const endedAt = ended || null;
  if (format === null || format === undefined || seq === '0') return undefined;
  const name = textIn(dagName);
  const flaw = Number(format) > FORMAT ? 'is of a newer version of rxdag' : 'is damaged';
  const isSound =
    Number(format) <= FORMAT &&
    name !== undefined &&
    [startedAt, seq, born].every(isNumber) &&
    (endedAt === null || isNumber(endedAt)) &&
    runStatuses.includes(status as RunStatus);
  const holder = Number(leaseUntil ?? 0) > now ? ownerIn(owner ?? '') : undefined;
  return {
    runId,
    dagName: name ?? '?',
    status: isSound ? (status as RunStatus) : 'running',
    startedAt: numberIn(startedAt),
    seq: numberIn(seq),
    key: numberIn(born),
    ...(endedAt === null ? (holder === undefined ? {} : { owner: holder }) : { endedAt: numberIn(endedAt) }),
    ...(isSound ? {} : { damage: `What Redis has of run ${JSON.stringify(runId)} ${flaw}.` }),
  };
};

/** The owner in the text that a run's hash has; undefined for none, or what can't be read. */
export const ownerIn = (text: string): StoreOwner | undefined => {
  try {
    const owner = Object(JSON.parse(text)) as Partial<StoreOwner>;
    return typeof owner.id === 'string' && Number.isFinite(owner.startedAt) ? (owner as StoreOwner) : undefined;
  } catch {
    return undefined;
  }
};

const isNumber = (text: string | null | undefined): boolean => /^\d+(?:\.\d+)?$/.test(text ?? '');
const numberIn = (text: string | null | undefined): number => (isNumber(text) ? Number(text) : 0);

const textIn = (json: string | null | undefined): string | undefined => {
  try {
    const text: unknown = JSON.parse(json ?? '');
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
};
