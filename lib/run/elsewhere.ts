import type { RunState } from '../state/RunState.js';
import type { World } from '../state/Turn.js';
import type { KeptLog } from './persist.js';
import { workersOf } from '../plan/placement.js';
import type { Posted } from './Posted.js';
import { Placements } from './Placements.js';
import type { RunParts } from './RunParts.js';
import type { Timers } from './Timers.js';
import { Trouble } from './Trouble.js';

/** What workers do for a run, where its executor has an engine. */
export const jobsOf = (
  { remote, config: { graceMs } }: RunParts,
  state: RunState,
  log: KeptLog,
  timers: Timers,
  post: (input: Posted) => void,
): Placements | undefined =>
  remote &&
  new Placements(remote, {
    runId: state.runId,
    dagName: state.dagName,
    startedAt: () => state.startedAt,
    epoch: () => log.epoch ?? 0,
    graceMs,
    trouble: new Trouble('remote', timers, post).hear,
  });

/** What the core may ask about a run's world. */
export const worldOf = ({ registry, library }: RunParts, jobs: Placements | undefined, gates: boolean): World => ({
  actions: registry,
  library,
  isElsewhere: (spec) => jobs !== undefined && workersOf(spec, registry.get(spec.action)) !== undefined,
  gates,
});
