import type { Cache } from '../define/Cache.js';
import type { Input } from '../state/Input.js';
import type { Attempt } from './Attempt.js';
import type { Placements } from './Placements.js';
import type { ResultCache } from './ResultCache.js';
import type { Timers } from './Timers.js';

/** What attempts share in one run. A class, and no copied object: those of all runs are then of one shape, for which V8 keeps its code. */
export class Workshop {
  readonly runId: string;
  readonly dagName: string;
  readonly cache: Cache;
  readonly appData: unknown;
  /** What nodes with `cache` are served from. */
  readonly results: ResultCache | undefined;
  /** Whether a store keeps what comes out. */
  readonly isKept: boolean;
  readonly graceMs: number;
  readonly timers: Timers;
  readonly random: () => number;
  /** What workers do for the run, where there are any. */
  readonly jobs: Placements | undefined;
  readonly post: (input: Input) => void;
  /** The attempt is over: its action has ended, or is given up. */
  readonly ended: (attempt: Attempt) => void;

  constructor(parts: WorkshopParts, results: ResultCache | undefined, ended: (attempt: Attempt) => void) {
    this.runId = parts.runId;
    this.dagName = parts.dagName;
    this.cache = parts.cache;
    this.appData = parts.appData;
    this.results = results;
    this.isKept = parts.isKept;
    this.graceMs = parts.graceMs;
    this.timers = parts.timers;
    this.random = parts.random;
    this.jobs = parts.jobs;
    this.post = parts.post;
    this.ended = ended;
  }
}

/** What a workshop is made of. */
export type WorkshopParts = Omit<Workshop, 'ended' | 'jobs'> & Partial<Pick<Workshop, 'jobs'>>;
