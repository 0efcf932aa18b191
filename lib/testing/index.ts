/* Time */
export { VirtualTime, VirtualTimeError } from './VirtualTime.js';
export type { PatientLimits, Reporting, TimeLimits } from './VirtualTime.js';

/* Marbles */
export { actionOf } from './actionOf.js';
export type { ActionOfOptions } from './actionOf.js';
export { expectEvents, frames, letterOf, letters } from './letters.js';
export type { LetterOf } from './letters.js';
export { marbles } from './marbles.js';
export type { Marbles } from './marbles.js';

/* Chance */
export { interleavings } from './interleavings.js';
export type { Interleaving, InterleavingOptions } from './interleavings.js';
export { random } from './random.js';
export type { Random } from './random.js';

/* Logs */
export { checkLog } from './checkLog.js';
export { describeEvent } from './describeEvent.js';
export { record } from './record.js';
export type { Recordable, Recording } from './record.js';
export type { RuleId, Violation } from './Violation.js';
