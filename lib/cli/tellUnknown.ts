import { show } from '../model/explain.js';
import { unknownText, type UnknownEvents } from '../model/UnknownEvents.js';
import type { Terminal } from './Terminal.js';

/** Warns where a log holds what this version does not understand. */
export const tellUnknown = (runId: string, unknown: UnknownEvents | undefined, terminal: Terminal, so = ''): void => {
  if (unknown !== undefined) terminal.tell(`warning: The log of run ${show(runId)} has ${unknownText(unknown)}.${so}`);
};
