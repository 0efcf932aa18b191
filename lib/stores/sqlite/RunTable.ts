import type { RunFilter, RunSummary, StoreOwner } from '../../run/EventStore.js';
import { Fault } from '../Fault.js';
import { RUN_COLUMNS, RUNS_MAX, damageOf, sumOfRun, summaryOf, type RunRow } from './RunRow.js';
import type { Statements } from './Statements.js';

/** The table of runs: each has a row, with a checksum over all that it says. */
export class RunTable {
  readonly #sql: Statements;
  readonly #file: string;

  constructor(sql: Statements, file: string) {
    this.#sql = sql;
    this.#file = file;
  }

  /** Throws a `Fault` for a row that is damaged. */
  find(runId: string): RunRow | undefined {
    const [row] = this.#sql.all<RunRow>(`SELECT ${RUN_COLUMNS} FROM runs WHERE runs.run_id = ?`, runId);
    return row === undefined ? undefined : this.#checked(row);
  }

  /** Those with events, in the order of their starts. Throws a `Fault` for a damaged row, unless those are wanted, too. */
  list({ dagName, status, runId, isOpen, withDamaged }: RunFilter): readonly RunSummary[] {
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
          ((dagName === undefined || run.dagName === dagName) &&
            (status === undefined || run.status === status) &&
            (isOpen !== true || run.endedAt === undefined)),
      );
  }

  /** Makes a row without events, and gives its id. */
  insert(runId: string): number {
    this.#sql.run(
      'INSERT INTO runs (run_id, dag_name, status, started_at, seq, epoch, answered, sum) VALUES (?, ?, ?, ?, 0, 0, ?, 0)',
      runId,
      '?', // no empty text: one driver reads that as nothing
      'running',
      0,
      '{}',
    );
    const [row] = this.#sql.all<RunRow>(`SELECT ${RUN_COLUMNS} FROM runs WHERE runs.run_id = ?`, runId);
    if (row!.id < RUNS_MAX) return row!.id;
    throw new Fault(
      'JournalCorrupt',
      `The file ${this.#file} has had ${RUNS_MAX - 1} runs and can have no more; use a new one.`,
    );
  }

  /** Puts a run into an epoch with an owner. */
  own(id: number, epoch: number, owner: StoreOwner): void {
    this.#sql.run(
      'UPDATE runs SET epoch = ?, owner = ?, owner_pid = ?, owner_started_at = ? WHERE id = ?',
      epoch,
      owner.id,
      owner.pid ?? null,
      owner.startedAt,
      id,
    );
    this.#seal(id);
  }

  /** Takes a run's owner off it. */
  free(id: number): void {
    this.#sql.run('UPDATE runs SET owner = NULL, owner_pid = NULL, owner_started_at = NULL WHERE id = ?', id);
    this.#seal(id);
  }

  /** Writes what an append has made of a row, if it is as that one believes; else nothing, and gives false. */
  advance(row: RunRow, expected: number): boolean {
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
      row.epoch,
      expected,
    );
    return changes > 0;
  }

  remove(id: number): void {
    this.#sql.run('DELETE FROM runs WHERE id = ?', id);
  }

  /** Brings a row's checksum up to date. */
  #seal(id: number): void {
    const [row] = this.#sql.all<RunRow>(`SELECT ${RUN_COLUMNS} FROM runs WHERE runs.id = ?`, id);
    this.#sql.run('UPDATE runs SET sum = ? WHERE id = ?', sumOfRun(row!), id);
  }

  #checked(row: RunRow): RunRow {
    const damage = damageOf(row, this.#file);
    if (damage === undefined) return row;
    throw new Fault('JournalCorrupt', damage);
  }
}
