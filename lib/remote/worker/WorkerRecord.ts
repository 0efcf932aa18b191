import * as t from 'io-ts';
import { Finite, list, strict, Whole } from '../../model/strict.js';

/** What a worker tells of itself every few seconds. */
export interface WorkerRecord {
  readonly id: string;
  readonly pools: readonly string[];
  readonly host: string;
  readonly pid: number;
  /** How many jobs it runs at once, of each pool. */
  readonly concurrency: number;
  /** How many it has now. */
  readonly active: number;
  /** How many jobs it has answered: with an output, with an error or as stopped. */
  readonly done: number;
  /** How many of them with an error. */
  readonly failed: number;
  readonly refused: number;
  /** `draining`: it takes no more jobs. */
  readonly state: 'running' | 'draining';
  /** Epoch milliseconds, by its own clock. */
  readonly startedAt: number;
}

export const WorkerRecord: t.Type<WorkerRecord, WorkerRecord, unknown> = strict<WorkerRecord>(
  'WorkerRecord',
  {
    id: t.string,
    pools: list(t.string),
    host: t.string,
    pid: Whole,
    concurrency: Whole,
    active: Whole,
    done: Whole,
    failed: Whole,
    refused: Whole,
    state: t.keyof({ running: null, draining: null }),
    startedAt: Finite,
  },
  {},
);

/** Where a worker's record is, for as long as it lives. */
export const workerKey = (id: string, prefix: string): string => `${prefix}:worker:${id}`;

/** A sorted set of the ids of workers by the time of their last record, epoch milliseconds; some may be gone. */
export const workersKey = (prefix: string): string => `${prefix}:workers`;
