import { realpathSync } from 'node:fs';
import { Fault } from '../Fault.js';
import { faultOf } from './faultOf.js';
import { FileIdentity } from './FileIdentity.js';
import { openOwn, type Durability } from './openOwn.js';
import { OwnerLock } from './OwnerLock.js';
import { ContentTable } from './ContentTable.js';
import { contentsIn, isContent, sumOf, type Content, type LogRow, type Written } from './records.js';
import { FrameTable, type FramePage } from './FrameTable.js';
import { afterAppend, placeOf, type RunRow } from './RunRow.js';
import { RunTable } from './RunTable.js';
import type { KeyFrame, RunFilter, RunSummary, StoreOwner } from '../../run/EventStore.js';
import { ownerText, takenOver } from '../ownerText.js';
import { Statements } from './Statements.js';

interface Owned {
  readonly lock: OwnerLock | undefined;
  row: RunRow;
}

/** Some rows of a log, in order, with the large contents that they refer to. */
export interface Page {
  readonly rows: readonly LogRow[];
  readonly contents: readonly Content[];
  /** Whether more follows. */
  readonly hasMore: boolean;
}

const PAGE_CHARACTERS = 1_000_000;

/** Logs in one SQLite file. Everything here is synchronous; a thread of its own calls it. */
export class SqliteLog {
  readonly #isFixed: boolean;
  readonly #file: string;
  readonly #identity: FileIdentity;
  /** Where locks lie: beside the file itself, by whatever name it was opened. */
  readonly #lockBase: string;
  readonly #sql: Statements;
  readonly #runs: RunTable;
  readonly #contents: ContentTable;
  readonly #frames: FrameTable;
  /** Runs that this store owns, as they were written last. */
  readonly #owned = new Map<string, Owned>();
  /** The last epoch given by this store, so that it never gives one twice, not even for another run of the same id. */
  #lastEpoch = 0;

  /** Opens or makes the file. Throws a `Fault` or a driver's error. Without `checkpoints` somebody else calls `checkpoint`. */
  constructor(file: string, durability: Durability, checkpoints = true) {
    this.#file = file;
    const { database, isFixed } = openOwn(file, durability, checkpoints);
    this.#isFixed = isFixed;
    this.#identity = new FileIdentity(file);
    this.#sql = new Statements(database, file);
    this.#runs = new RunTable(this.#sql, file);
    this.#contents = new ContentTable(this.#sql);
    this.#frames = new FrameTable(this.#sql);
    this.#lockBase = file === ':memory:' ? file : realpathSync(file);
  }

  acquire(runId: string, owner: StoreOwner, takeOver: boolean): { readonly epoch: number } {
    if (this.#isFixed) throw new Fault('StoreUnavailable', `The file ${this.#file} can't be written.`);
    this.#identity.check();
    const known = this.#runs.find(runId);
    const held = this.#owned.get(runId);
    const isOwn = known !== undefined && held?.row.epoch === known.epoch && known.owner === owner.id;
    if (known !== undefined && !isOwn && !takeOver && this.#isOwned(known, held)) throw ownedBy(known);
    let lock: OwnerLock | undefined;
    let row: RunRow;
    try {
      row = this.#sql.within(() => {
        const present = this.#runs.find(runId);
        if (present?.epoch !== known?.epoch) throw ownedBy(present!);
        const id = present?.id ?? this.#runs.insert(runId);
        const epoch = Math.max(present?.epoch ?? 0, this.#lastEpoch) + 1;
        if (this.#file !== ':memory:') lock = this.#lock(id, epoch, runId);
        this.#runs.own(id, epoch, owner);
        return this.#runs.find(runId)!;
      });
    } catch (error) {
      lock?.release();
      throw error;
    }
    held?.lock?.release();
    this.#owned.set(runId, { lock, row });
    this.#lastEpoch = row.epoch;
    return { epoch: row.epoch };
  }

  append(
    runId: string,
    epoch: number,
    expected: number,
    written: Written,
    answered: string,
    frames: readonly KeyFrame[] = [],
  ): void {
    const held = this.#owned.get(runId);
    if (held?.row.epoch !== epoch) throw this.#fenced(runId, epoch);
    if (held.row.seq !== expected) throw conflict(runId, held.row.seq, expected);
    const row = afterAppend(held.row, written, expected, answered);
    this.#sql.within(() => {
      // First, and guarded by what it rests on: whoever has been overtaken changes nothing, and learns why.
      if (!this.#runs.advance(row, expected)) throw this.#fenced(runId, epoch);
      for (const content of written.contents) this.#contents.add(content);
      for (const { firstSeq, count, body } of written.rows)
        this.#sql.run(
          'INSERT INTO log (place, count, body, sum) VALUES (?, ?, ?, ?)',
          placeOf(row.id, firstSeq),
          count,
          body,
          sumOf(runId, firstSeq, count, body),
        );
      this.#frames.add(row, frames);
    });
    held.row = row;
  }

  /** What is there from `fromSeq` on, up to about a megabyte. */
  page(runId: string, fromSeq: number): Page {
    return this.#sql.reading(() => this.#page(runId, fromSeq));
  }

  /** Key frames of a kind, from one on, up to a few megabytes; damaged ones are left out. */
  frames(runId: string, kind: KeyFrame['kind'], from: number): FramePage {
    const row = this.#runs.find(runId);
    try {
      if (row !== undefined) return this.#frames.page(row, kind, from);
    } catch (error) {
      const fault = faultOf(error, this.#file);
      if (!(fault instanceof Fault && fault.type === 'JournalCorrupt')) throw error; // the log has it all
    }
    return { frames: [], next: undefined };
  }

  answered(runId: string): string {
    return this.#runs.find(runId)?.answered ?? '{}';
  }

  runs(filter: RunFilter): readonly RunSummary[] {
    this.#identity.check();
    const runs = this.#runs.list(filter);
    return filter.withOwner === true ? runs.map((run) => ({ ...run, ...this.#owner(run) })) : runs;
  }

  release(runId: string, epoch: number): void {
    const held = this.#owned.get(runId);
    if (held?.row.epoch !== epoch) return;
    held.lock?.release();
    this.#owned.delete(runId);
    this.#sql.within(() => {
      const row = this.#runs.find(runId);
      if (row?.id === held.row.id && row.epoch === epoch) this.#runs.free(row.id);
    });
  }

  remove(runId: string): void {
    const known = this.#runs.find(runId);
    if (known === undefined) return;
    if (this.#isOwned(known, this.#owned.get(runId))) throw ownedBy(known);
    this.#sql.within(() => {
      const present = this.#runs.find(runId);
      if (present?.id !== known.id) return;
      if (present.epoch !== known.epoch) throw ownedBy(present);
      this.#sql.run('DELETE FROM log WHERE place > ? AND place < ?', placeOf(known.id, 0), placeOf(known.id + 1, 0));
      this.#frames.remove(known);
      this.#runs.remove(known.id);
    });
  }

  /** Moves what was appended from the journal into the file, as far as nobody reads it. */
  checkpoint(): void {
    this.#sql.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /** Whether it has to be opened anew for each call, as it is taken for unchanging. */
  isFixed(): boolean {
    return this.#isFixed;
  }

  close(): void {
    for (const { lock } of this.#owned.values()) lock?.release();
    try {
      this.#sql.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // What is left in the journal is found there by whoever opens the file next.
    }
    this.#sql.close();
  }

  #page(runId: string, fromSeq: number): Page {
    const row = this.#runs.find(runId);
    if (row === undefined) return { rows: [], contents: [], hasMore: false };
    const [from] = this.#sql.all<{ readonly place: number }>(
      'SELECT CAST(place AS REAL) AS place FROM log WHERE place > ? AND place <= ? ORDER BY log.place DESC LIMIT 1',
      placeOf(row.id, 0),
      placeOf(row.id, fromSeq),
    );
    const rows: LogRow[] = [];
    const contents = new Map<string, Content>();
    let size = 0;
    let next = from === undefined ? fromSeq : from.place - placeOf(row.id, 0);
    while (next <= row.seq && size < PAGE_CHARACTERS) {
      const [found] = this.#sql.all<{ readonly count: number; readonly body: string; readonly sum: number }>(
        'SELECT CAST(count AS REAL) AS count, CAST(body AS BLOB) AS body, CAST(sum AS REAL) AS sum FROM log WHERE place = ?',
        placeOf(row.id, next),
      );
      if (found === undefined || found.count < 1 || found.sum !== sumOf(runId, next, found.count, found.body))
        throw new Fault('JournalCorrupt', `The log of run ${JSON.stringify(runId)} is damaged at event ${next}.`);
      rows.push({ firstSeq: next, count: found.count, body: found.body });
      for (const hash of contentsIn(found.body)) {
        const content = this.#content(hash);
        if (content !== undefined) contents.set(hash, content);
        size += content?.body.length ?? 0;
      }
      size += found.body.length;
      next += found.count;
    }
    return { rows, contents: [...contents.values()], hasMore: next <= row.seq };
  }

  #isOwned(row: RunRow, held: Owned | undefined): boolean {
    if (row.epoch === 0 || row.owner === null) return false;
    if (this.#file === ':memory:') return held !== undefined;
    return held?.row.epoch === row.epoch || OwnerLock.isHeld(this.#lockPath(row.id, row.epoch));
  }

  /** Who holds a run that has not ended. */
  #owner({ runId, endedAt, damage }: RunSummary): { readonly owner?: StoreOwner } {
    const row = endedAt === undefined && damage === undefined ? this.#runs.find(runId) : undefined;
    if (row === undefined || !this.#isOwned(row, this.#owned.get(runId))) return {};
    return { owner: ownerIn(row)! };
  }

  /** Why whoever believes to own a run in this epoch may not write it. */
  #fenced(runId: string, epoch: number): Fault {
    const row = this.#runs.find(runId);
    const name = JSON.stringify(runId);
    return new Fault(
      'Fenced',
      row === undefined
        ? `Run ${name} is not in the file ${this.#file}, or no longer.`
        : row.epoch === epoch
          ? `Run ${name} is not owned by this store, or no longer; acquire it first.`
          : takenOver(runId, ownerIn(row)),
    );
  }

  /** Throws a `Fault` if somebody else has it. */
  #lock(id: number, epoch: number, runId: string): OwnerLock {
    const lock = OwnerLock.take(this.#lockPath(id, epoch));
    if (lock !== undefined) return lock;
    const row = this.#runs.find(runId);
    throw row === undefined ? this.#fenced(runId, epoch) : ownedBy(row);
  }

  #lockPath(id: number, epoch: number): string {
    return `${this.#lockBase}-owner-${id}-${epoch}`;
  }

  #content(hash: string): Content | undefined {
    const found = this.#contents.find(hash);
    if (found !== undefined && !isContent(found))
      throw new Fault('JournalCorrupt', `The file ${this.#file} is damaged in a stored output.`);
    return found;
  }
}

const conflict = (runId: string, end: number, expected: number): Fault =>
  new Fault('Conflict', `The log of run ${JSON.stringify(runId)} ends at ${end}, not at ${expected}.`);

const ownerIn = ({ owner, owner_pid: pid, owner_started_at: since }: RunRow): StoreOwner | undefined =>
  owner === null ? undefined : { id: owner, ...(pid === null ? {} : { pid }), startedAt: since ?? 0 };

const ownedBy = (row: RunRow): Fault => {
  const owner = ownerIn(row);
  const who = owner === undefined ? 'another process' : ownerText(owner);
  return new Fault('OwnedElsewhere', `Run ${JSON.stringify(row.run_id)} is owned by ${who}.`);
};
