import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Bounds } from './bounds.js';

/** How a plan went under virtual time, and how far that is from what can't be beaten. Durations are in milliseconds. */
export interface Simulation extends Bounds {
  readonly makespanMs: number;
  /** `makespanMs / lowerBoundMs`: 1 is the best that can be; 1 where nothing takes any time. */
  readonly ratio: number;
  /** The part of the slots' time in which they ran something, 0 to 1; 0 where nothing takes any time. */
  readonly utilisation: number;
  readonly nodes: number;
  readonly slots: number;
  /** The log of the simulated run, which begins at 0 ms. */
  readonly events: readonly ExecutionEvent[];
}
