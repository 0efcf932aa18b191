import type { StoreOwner } from '../run/EventStore.js';

/** Who holds a run, and since when; its name is our own, and only shown where nothing else is known. */
export const ownerText = ({ id, pid, startedAt }: StoreOwner): string =>
  `${pid === undefined ? JSON.stringify(id) : `process ${pid}`} since ${new Date(startedAt).toISOString()}`;

/** Why an owner that was overtaken may write no more. */
export const takenOver = (runId: string, by: StoreOwner | undefined): string =>
  `Another process has taken run ${JSON.stringify(runId)} over${by === undefined ? '' : ` (${ownerText(by)})`}; this one stops.`;
