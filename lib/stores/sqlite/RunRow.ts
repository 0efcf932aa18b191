import type { RunStatus } from '../../model/Status.js';
import type { RunSummary } from '../../run/EventStore.js';
import { sumOf, type Written } from './records.js';

const TEXTS = ['run_id', 'dag_name', 'status', 'owner', 'answered'];
const NUMBERS = ['id', 'started_at', 'ended_at', 'seq', 'epoch', 'owner_pid', 'owner_started_at', 'sum'];

/** A run's columns, in types that every driver hands over as they are, whatever a damaged file says there. */
export const RUN_COLUMNS = [
  ...TEXTS.map((name) => `CAST(${name} AS BLOB) AS ${name}`),
  ...NUMBERS.map((name) => `CAST(${name} AS REAL) AS ${name}`),
].join(', ');

/** A run as the table of runs has it. */
export interface RunRow {
  readonly id: number;
  readonly run_id: string;
  readonly dag_name: string;
  readonly status: RunStatus;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly seq: number;
  readonly epoch: number;
  readonly owner: string | null;
  readonly owner_pid: number | null;
  readonly owner_started_at: number | null;
  readonly answered: string;
  readonly sum: number;
}

/** Beyond it places would no longer be exact numbers. */
export const RUNS_MAX = 2 ** 20;

/** Runs one after another on one line, each with room for 2^33 events: so a row needs no index beside it. */
export const placeOf = (run: number, seq: number): number => run * 2 ** 33 + seq;

/** What a run's row becomes by an append. */
export const afterAppend = (before: RunRow, written: Written, expected: number, answered: string): RunRow => {
  const { status, wakes, started, endedAt, rows } = written;
  const row = {
    ...before,
    seq: rows.reduce((seq, { count }) => seq + count, expected),
    status: status ?? (wakes && before.status === 'quiescent' ? 'running' : before.status),
    dag_name: started?.dagName ?? before.dag_name,
    started_at: started?.at ?? before.started_at,
    ended_at: endedAt ?? before.ended_at,
    answered: answered === '{}' || answered === before.answered ? before.answered : merged(before.answered, answered),
  };
  return { ...row, sum: sumOfRun(row) };
};

const merged = (before: string, now: string): string =>
  JSON.stringify({ ...(JSON.parse(before) as object), ...(JSON.parse(now) as object) });

/** What is wrong with a row, in words. */
export const damageOf = (row: RunRow, file: string): string | undefined =>
  row.sum === sumOfRun(row)
    ? undefined
    : `The file ${file} is damaged in what it says of run ${JSON.stringify(row.run_id)}.`;

/** What a row tells, and whether that can be trusted. */
export const summaryOf = (row: RunRow, file: string): RunSummary => {
  const damage = damageOf(row, file);
  return {
    runId: row.run_id,
    dagName: row.dag_name,
    status: row.status,
    startedAt: row.started_at,
    seq: row.seq,
    key: row.id,
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    ...(damage === undefined ? {} : { damage }),
  };
};

/** The checksum of all else in a row. */
export const sumOfRun = (row: Omit<RunRow, 'sum'>): number =>
  sumOf(
    row.run_id,
    row.dag_name,
    row.status,
    row.started_at,
    row.ended_at,
    row.seq,
    row.epoch,
    row.owner,
    row.owner_pid,
    row.owner_started_at,
    row.answered,
  );
