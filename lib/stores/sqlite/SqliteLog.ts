import { Fault } from './faultOf.js';
import { openOwn, type Durability } from './openOwn.js';
import { OwnerLock } from './OwnerLock.js';
import { contentsIn, isContent, sumOf, type Content, type LogRow, type Written } from './records.js';
import { FrameTable, type FramePage } from './FrameTable.js';
import { RUN_COLUMNS, afterAppend, damageOf, placeOf, sumOfRun, summaryOf, type RunRow } from './RunRow.js';
import type { KeyFrame, RunFilter, RunSummary, StoreOwner } from '../../run/EventStore.js';
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
  readonly #file: string;
  readonly #sql: Statements;
  readonly #frames: FrameTable;
  /** Runs that this store owns, as they were written last. */
  readonly #owned = new Map<string, Owned>();

  /** Opens or makes the file. Throws a `Fault` or a driver's error. Without `checkpoints` somebody else calls `checkpoint`. */
  constructor(file: string, durability: Durability, checkpoints = true) {
    this.#file = file;
    this.#sql = new Statements(openOwn(file, durability, checkpoints), file);
    this.#frames = new FrameTable(this.#sql);
  }

  acquire(runId: string, owner: StoreOwner, takeOver: boolean): { readonly epoch: number } {
    const known = this.#row(runId);
    const held = this.#owned.get(runId);
    const isOwn = known !== undefined && held?.row.epoch === known.epoch && known.owner === owner.id;
    if (known !== undefined && !isOwn && !takeOver && this.#isOwned(known, held)) throw this.#ownedBy(known);
    return this.#sql.within(() => {
      const row = this.#row(runId);
      if (row?.epoch !== known?.epoch) throw this.#ownedBy(row!);
      if (row === undefined)
        this.#sql.run(
          'INSERT INTO runs (run_id, dag_name, status, started_at, seq, epoch, answered, sum) VALUES (?, ?, ?, ?, 0, 0, ?, 0)',
          runId,
          '?', // no empty text: one driver reads that as nothing
          'running',
          0,
          '{}',
        );
      const { id } = this.#row(runId, false)!;
      const epoch = (row?.epoch ?? 0) + 1;
      const lock = this.#file === ':memory:' ? undefined : OwnerLock.take(this.#lockPath(id, epoch));
      if (lock === undefined && this.#file !== ':memory:') throw this.#ownedBy(this.#row(runId, false)!);
      this.#sql.run(
        'UPDATE runs SET epoch = ?, owner = ?, owner_pid = ?, owner_started_at = ? WHERE id = ?',
        epoch,
        owner.id,
        owner.pid ?? null,
        owner.startedAt,
        id,
      );
      this.#seal(id);
      held?.lock?.release();
      this.#owned.set(runId, { lock, row: this.#row(runId)! });
      return { epoch };
    });
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
    const before = held?.row.epoch === epoch ? held.row : this.#row(runId);
    this.#refuseIfElsewhere(runId, before, epoch, expected);
    const row = afterAppend(before!, written, expected, answered);
    this.#sql.within(() => {
      for (const { hash, body } of written.contents)
        this.#sql.run('INSERT OR IGNORE INTO contents (hash, body) VALUES (?, ?)', hash, body);
      for (const { firstSeq, count, body } of written.rows)
        this.#sql.run(
          'INSERT INTO log (place, count, body, sum) VALUES (?, ?, ?, ?)',
          placeOf(row.id, firstSeq),
          count,
          body,
          sumOf(runId, firstSeq, count, body),
        );
      this.#frames.add(row, frames);
      // Guarded by what it rests on: whoever has been overtaken changes nothing.
      const changes = this.#sql.run(
        'UPDATE runs SET seq = ?, status = ?, dag_name = ?, started_at = ?, ended_at = ?, answered = ?, sum = ? WHERE id = ? AND epoch = ? AND seq = ?',
        row.seq,
        row.status,
        row.dag_name,
        row.started_at,
        row.ended_at,
        row.answered,
        row.sum,
        row.id,
        epoch,
        expected,
      );
      if (changes === 0) {
        this.#refuseIfElsewhere(runId, this.#row(runId), epoch, expected);
        throw new Fault('JournalCorrupt', `Run ${JSON.stringify(runId)} has vanished from the file ${this.#file}.`);
      }
    });
    if (held !== undefined) held.row = row;
  }

  /** What is there from `fromSeq` on, up to about a megabyte. */
  page(runId: string, fromSeq: number): Page {
    const row = this.#row(runId);
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

  /** Key frames of a kind, from one on, up to a few megabytes; damaged ones are left out. */
  frames(runId: string, kind: KeyFrame['kind'], from: number): FramePage {
    const row = this.#row(runId);
    return row === undefined ? { frames: [], next: undefined } : this.#frames.page(row, kind, from);
  }

  answered(runId: string): string {
    return this.#row(runId)?.answered ?? '{}';
  }

  runs({ dagName, status, runId, withOwner, withDamaged }: RunFilter): readonly RunSummary[] {
    const one = runId === undefined ? [] : [runId];
    return this.#sql
      .all<RunRow>(
        `SELECT ${RUN_COLUMNS} FROM runs WHERE seq > 0 ${one.length > 0 ? 'AND runs.run_id = ?' : ''} ORDER BY runs.started_at, runs.id`,
        ...one,
      )
      .map((row) => summaryOf(withDamaged === true ? row : this.#checked(row), this.#file))
      .filter(
        (run) =>
          run.damage !== undefined ||
          ((dagName === undefined || run.dagName === dagName) && (status === undefined || run.status === status)),
      )
      .map((run) => (withOwner === true ? { ...run, ...this.#owner(run) } : run));
  }

  release(runId: string, epoch: number): void {
    const held = this.#owned.get(runId);
    if (held?.row.epoch === epoch) {
      held.lock?.release();
      this.#owned.delete(runId);
    }
    this.#sql.within(() => {
      const row = this.#row(runId);
      if (row?.epoch !== epoch) return;
      this.#sql.run('UPDATE runs SET owner = NULL, owner_pid = NULL, owner_started_at = NULL WHERE id = ?', row.id);
      this.#seal(row.id);
    });
  }

  remove(runId: string): void {
    const known = this.#row(runId);
    if (known === undefined) return;
    if (this.#isOwned(known, this.#owned.get(runId))) throw this.#ownedBy(known);
    this.#sql.within(() => {
      this.#sql.run('DELETE FROM log WHERE place > ? AND place < ?', placeOf(known.id, 0), placeOf(known.id + 1, 0));
      this.#frames.remove(known);
      this.#sql.run('DELETE FROM runs WHERE id = ?', known.id);
    });
  }

  /** Moves what was appended from the journal into the file, as far as nobody reads it. */
  checkpoint(): void {
    this.#sql.exec('PRAGMA wal_checkpoint(PASSIVE)');
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

  #isOwned(row: RunRow, held: Owned | undefined): boolean {
    if (row.epoch === 0 || row.owner === null) return false;
    if (this.#file === ':memory:') return held !== undefined;
    return held?.row.epoch === row.epoch || OwnerLock.isHeld(this.#lockPath(row.id, row.epoch));
  }

  /** Who holds a run that has not ended. */
  #owner({ runId, endedAt, damage }: RunSummary): { readonly owner?: StoreOwner } {
    const row = endedAt === undefined && damage === undefined ? this.#row(runId) : undefined;
    if (row === undefined || !this.#isOwned(row, this.#owned.get(runId))) return {};
    const { owner, owner_pid: pid, owner_started_at: since } = row;
    return { owner: { id: owner!, ...(pid === null ? {} : { pid }), startedAt: since ?? 0 } };
  }

  #ownedBy({ run_id: runId, owner, owner_pid: pid, owner_started_at: since }: RunRow): Fault {
    const who = `${owner === null ? 'another process' : JSON.stringify(owner)}${pid === null ? '' : ` (process ${pid})`}`;
    const when = since === null ? '' : ` since ${new Date(since).toISOString()}`;
    return new Fault('OwnedElsewhere', `Run ${JSON.stringify(runId)} is owned by ${who}${when}.`);
  }

  #refuseIfElsewhere(runId: string, row: RunRow | undefined, epoch: number, expected: number): void {
    if (row === undefined || row.epoch !== epoch)
      throw new Fault(
        'Fenced',
        `Run ${JSON.stringify(runId)} has a newer owner: epoch ${row?.epoch ?? 0}, not ${epoch}.`,
      );
    if (row.seq !== expected)
      throw new Fault('Conflict', `The log of run ${JSON.stringify(runId)} ends at ${row.seq}, not at ${expected}.`);
  }

  #lockPath(id: number, epoch: number): string {
    return `${this.#file}-owner-${id}-${epoch}`;
  }

  #content(hash: string): Content | undefined {
    const found = this.#sql.all<Content>(
      'SELECT CAST(hash AS BLOB) AS hash, CAST(body AS BLOB) AS body FROM contents WHERE contents.hash = ?',
      hash,
    )[0];
    if (found === undefined) return undefined;
    if (!isContent(found)) throw new Fault('JournalCorrupt', `The file ${this.#file} is damaged in a stored output.`);
    return { hash: found.hash, body: found.body };
  }

  #row(runId: string, isChecked = true): RunRow | undefined {
    const row = this.#sql.all<RunRow>(`SELECT ${RUN_COLUMNS} FROM runs WHERE runs.run_id = ?`, runId)[0];
    return row === undefined || !isChecked ? row : this.#checked(row);
  }

  #checked(row: RunRow): RunRow {
    const damage = damageOf(row, this.#file);
    if (damage === undefined) return row;
    throw new Fault('JournalCorrupt', damage);
  }

  /** Brings a run's checksum up to date. */
  #seal(id: number): void {
    const row = this.#sql.all<RunRow>(`SELECT ${RUN_COLUMNS} FROM runs WHERE runs.id = ?`, id)[0]!;
    this.#sql.run('UPDATE runs SET sum = ? WHERE id = ?', sumOfRun(row), id);
  }
}
