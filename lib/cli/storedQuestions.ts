import type { EventStore, ExecutionEvent, ExecutorSnapshot } from '../index.js';
import { openQuestions, type Question } from './Question.js';
import { RunWatch } from './RunWatch.js';

/** How much of a log is read at a time, from its end on: what waits has mostly begun to do so lately. */
const EVENTS = 4_096;

/** What nodes of a stored run wait for people to answer. */
export const storedQuestions = async (store: EventStore, snapshot: ExecutorSnapshot): Promise<readonly Question[]> => {
  const open = new Set<string>();
  if (snapshot.counts.waiting > 0)
    for (const { id, status } of snapshot.nodes())
      if (status === 'waiting' && snapshot.whyNotStarted(id)?.on.some((why) => 'input' in why)) open.add(id);
  const watch = new RunWatch();
  for (let end = snapshot.seq; end > 0 && open.size > 0; end -= EVENTS) {
    const asked = new Map<string, ExecutionEvent>();
    for await (const event of store.read(snapshot.runId, Math.max(1, end - EVENTS + 1))) {
      if (event.seq > end) break;
      if (event.type === 'NodeWaiting' && open.has(event.nodeId)) asked.set(event.nodeId, event);
    }
    for (const [id, event] of asked) {
      open.delete(id);
      watch.hear(event);
    }
  }
  return openQuestions({ snapshot, hookWork: 0 }, watch).filter(({ nodeId }) => nodeId !== undefined);
};
