import type { ExecutorSnapshot, NodeState, Waiting } from '../../model/ExecutorSnapshot.js';
import type { NodeSpec } from '../../model/NodeSpec.js';
import type { RunStatus } from '../../model/Status.js';
import type { RunOwner, RunSource } from '../source/RunSource.js';
import { RUNNING, WAITING } from '../theme/looks.js';
import type { Attempts } from './Attempts.js';
import type { Changes } from './Changes.js';
import type { EventLog } from './EventLog.js';
import { Head } from './Head.js';
import { Intake, type Connection } from './Intake.js';
import type { Links } from './Links.js';
import { Shown } from './Shown.js';

/** What is known of a run, and how it was at the moment that is shown: what one reads, without what one does. */
export abstract class ShownRun {
  protected readonly source: RunSource;
  protected readonly known = new Head();
  protected readonly shown = new Shown(this.known);
  protected readonly intake: Intake;

  constructor(source: RunSource) {
    this.source = source;
    this.intake = new Intake(this.known, source.isFile, (arrived) => this.hear(arrived));
  }

  /** Something has arrived. */
  protected abstract hear(arrived: Changes): void;

  /* The run */

  get runId(): string {
    return this.known.state.runId;
  }
  get dagName(): string {
    return this.known.state.dagName;
  }
  /** The seq of the last event that is known. */
  get head(): number {
    return Math.max(this.log.size, this.intake.ahead?.seq ?? 0);
  }
  /** The seq that is shown. */
  get seq(): number {
    return this.isLive ? this.head : this.shown.seq;
  }
  get isLive(): boolean {
    return this.shown.isLive;
  }
  /** Whether it is known to have ended. */
  get isOver(): boolean {
    return this.known.isOver || this.intake.isOver;
  }
  get status(): RunStatus {
    return (this.isLive ? this.intake.ahead?.status : undefined) ?? this.shown.state.status;
  }
  get snapshot(): ExecutorSnapshot {
    return this.shown.snapshot;
  }
  get startedAt(): number {
    return this.known.startedAt;
  }
  /** When the event was that is shown last, epoch milliseconds. */
  get at(): number {
    return (
      (this.isLive ? this.intake.ahead?.at : undefined) ?? (this.seq < 1 ? this.startedAt : this.log.timeAt(this.seq))
    );
  }
  /** The end of time: of a run that goes on and is heard of the present, else its last event. */
  get endAt(): number {
    const { size } = this.log;
    const last = size === 0 ? 0 : this.log.timeAt(size);
    return this.goesOn ? Math.max(last, this.source.now?.() ?? Date.now()) : last;
  }
  /** Whether its time is not the page's: it may go faster, or stand still. */
  get hasOwnTime(): boolean {
    return this.source.now !== undefined;
  }
  /** Whether time goes on in it: it has not ended, is heard of, and a process has it, or only a person is waited for. */
  get goesOn(): boolean {
    return (
      !this.isOver &&
      this.connection.state === 'live' &&
      (this.owner.where !== 'nowhere' || (this.counts[WAITING]! > 0 && this.counts[RUNNING] === 0))
    );
  }
  get log(): EventLog {
    return this.known.log;
  }
  get attempts(): Attempts {
    return this.known.attempts;
  }
  get connection(): Connection {
    return this.intake.connection;
  }
  /** Which process goes on with it, as was told last. */
  get owner(): RunOwner {
    return this.intake.owner;
  }

  /* Nodes, by index */

  get size(): number {
    return this.known.size;
  }
  get looks(): Uint8Array {
    return this.shown.looks;
  }
  get counts(): Int32Array {
    return this.shown.counts;
  }
  idOf(index: number): string {
    return this.known.idOf(index);
  }
  indexOf(id: string): number | undefined {
    return this.known.indexOf(id);
  }
  specOf(index: number): NodeSpec {
    return this.known.specOf(index);
  }
  /** Who waits for whom, all at once. */
  get links(): Links {
    return this.known.links;
  }
  depsOf(index: number): readonly number[] {
    return this.known.depsOf(index);
  }
  outsOf(index: number): readonly number[] {
    return this.known.outsOf(index);
  }
  stateOf(index: number): NodeState | undefined {
    return this.snapshot.node(this.idOf(index));
  }
  whyNot(index: number): Waiting | undefined {
    return this.snapshot.whyNotStarted(this.idOf(index));
  }
}
