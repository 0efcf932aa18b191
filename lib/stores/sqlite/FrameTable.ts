import { crc32 } from 'node:zlib';
import type { KeyFrame } from '../../run/EventStore.js';
import { sumOf } from './records.js';
import { placeOf, type RunRow } from './RunRow.js';
import type { Statements } from './Statements.js';

/** Some key frames of one kind, and where the next ones begin. */
export interface FramePage {
  readonly frames: readonly KeyFrame[];
  readonly next: number | undefined;
}

const PAGE_BYTES = 4_000_000;
const COLUMNS = 'CAST(place AS REAL) AS place, CAST(body AS BLOB) AS body, CAST(sum AS REAL) AS sum';
/** Those of events lie like their first event, those of nodes below zero. The order is by the column, not by its alias. */
const NEXT: Readonly<Record<KeyFrame['kind'], string>> = {
  events: `SELECT ${COLUMNS} FROM frames WHERE place >= ? AND place < ? ORDER BY frames.place LIMIT 1`,
  nodes: `SELECT ${COLUMNS} FROM frames WHERE place <= ? AND place > ? ORDER BY frames.place DESC LIMIT 1`,
};

/** The key frames of runs. Each follows from the log, so one that is damaged is no more than missing. */
export class FrameTable {
  readonly #sql: Statements;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  add({ id, run_id: runId }: RunRow, frames: readonly KeyFrame[]): void {
    for (const { kind, first, body } of frames)
      this.#sql.run(
        'INSERT OR REPLACE INTO frames (place, body, sum) VALUES (?, ?, ?)',
        placeIn(id, kind, first),
        Buffer.from(body.buffer, body.byteOffset, body.byteLength),
        sumOfFrame(runId, kind, first, body),
      );
  }

  /** The frames of a kind from one on, up to a few megabytes. */
  page({ id, run_id: runId }: RunRow, kind: KeyFrame['kind'], from: number): FramePage {
    const base = placeIn(id, kind, 0);
    const frames: KeyFrame[] = [];
    let size = 0;
    for (let next = from; ;) {
      if (size >= PAGE_BYTES) return { frames, next };
      const [found] = this.#sql.blobs(NEXT[kind], placeIn(id, kind, next), placeIn(id + 1, kind, 0));
      if (found === undefined) return { frames, next: undefined };
      const first = Math.abs(found.place - base);
      next = first + 1;
      size += found.body.byteLength;
      if (found.sum === sumOfFrame(runId, kind, first, found.body)) frames.push({ kind, first, body: found.body });
    }
  }

  remove({ id }: RunRow): void {
    this.#sql.run('DELETE FROM frames WHERE place > ? AND place < ?', placeOf(id, 0), placeOf(id + 1, 0));
    this.#sql.run('DELETE FROM frames WHERE place < ? AND place > ?', -placeOf(id, 0), -placeOf(id + 1, 0));
  }
}

const placeIn = (run: number, kind: KeyFrame['kind'], first: number): number =>
  kind === 'events' ? placeOf(run, first) : -placeOf(run, first + 1);

const sumOfFrame = (runId: string, kind: KeyFrame['kind'], first: number, body: Uint8Array): number =>
  crc32(body, sumOf('frame', runId, kind, first));
