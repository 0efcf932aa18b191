import { Fault } from '../../stores/Fault.js';
import { FORMAT } from './scripts.js';

/** Why a run can't be used: another version of ours has written it. */
export const newerRun = (runId: string, format: string): Fault =>
  new Fault(
    'NewerFormat',
    `Run ${JSON.stringify(runId)} has format ${format}; this version of rxdag reads up to ${FORMAT}, so use a newer one.`,
  );

export const damagedRun = (runId: string): Fault =>
  new Fault('JournalCorrupt', `What Redis has of run ${JSON.stringify(runId)} is damaged.`);

export const damagedAt = (runId: string, seq: number): Fault =>
  new Fault('JournalCorrupt', `The log of run ${JSON.stringify(runId)} is damaged at event ${seq}.`);
