import type { ExecutorSnapshot } from '../index.js';
import { show } from '../model/explain.js';
import { unknownText, type UnknownEvents } from '../model/UnknownEvents.js';
import type { Snapshot } from '../state/Snapshot.js';
import type { Terminal } from './Terminal.js';

/** Warns where a log holds what this version does not understand. */
export const tellUnknown = (runId: string, unknown: UnknownEvents | undefined, terminal: Terminal, so = ''): void => {
  if (unknown !== undefined) terminal.tell(`warning: The log of run ${show(runId)} has ${unknownText(unknown)}.${so}`);
};

/** Those that a state has passed over. */
export const unknownBefore = (snapshot: ExecutorSnapshot): UnknownEvents | undefined =>
  (snapshot as Snapshot).inner.frame.unknown;
