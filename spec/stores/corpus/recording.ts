import { createHash } from 'node:crypto';
import { provideInput, type ExecutionEvent, type Json, type RunSummary } from '../../../lib/index.js';
import { sqliteStore } from '../../../lib/stores/sqlite/index.js';
import { VirtualTime } from '../../../lib/testing/index.js';
import { executorOn } from './library.js';

/** What a stored run says. */
export interface RunRecording {
  readonly answered: Readonly<Record<string, number>>;
  readonly events: readonly ExecutionEvent[];
  /** The state after some of the events, by their seq. */
  readonly snapshots: Readonly<Record<string, Json>>;
  /** What a run that had not ended comes to, once it is resumed. */
  readonly end: { readonly status: string; readonly outputs: Readonly<Record<string, Json>> } | null;
}

/** All that can be read from a database, as plain data. */
export interface Recording {
  readonly runs: readonly RunSummary[];
  readonly logs: Readonly<Record<string, RunRecording>>;
}

const LONG = 1_000;

/** Plain data, in which long texts are told by their hash. */
const plain = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === 'string' && part.length > LONG
        ? `${part.length} characters, sha256 ${createHash('sha256').update(part).digest('base64url')}`
        : part,
    ),
  ) as T;

/** Reads a database, then resumes each run that has not ended, so the file is not the same afterwards. */
export const recordingOf = async (
  file: string,
): Promise<Recording & { readonly longer: Readonly<Record<string, readonly ExecutionEvent[]>> }> => {
  const store = sqliteStore(file);
  try {
    const listed = await store.runs()();
    if (listed._tag === 'Left') throw new Error(listed.left.message);
    const logs: Record<string, RunRecording> = {};
    const longer: Record<string, readonly ExecutionEvent[]> = {};
    for (const { runId, seq, endedAt } of listed.right) {
      const eventsOf = async (): Promise<ExecutionEvent[]> => {
        const events: ExecutionEvent[] = [];
        for await (const event of store.read(runId)) events.push(event);
        return events;
      };
      const events = await eventsOf();
      const answered = await store.answered(runId)();
      if (answered._tag === 'Left') throw new Error(answered.left.message);
      const time = new VirtualTime(events.at(-1)!.at + 1_000);
      const executor = executorOn(store, time);
      const snapshots: Record<string, Json> = {};
      for (const part of [0, 0.3, 0.6, 0.9, 1]) {
        const at = Math.max(1, Math.round(seq * part));
        snapshots[at] = (await executor.snapshotAt(runId, at)).toJSON();
      }
      let end: RunRecording['end'] = null;
      if (endedAt === undefined) {
        const run = await executor.resume(runId);
        for (const { id, status, action } of run.snapshot.nodes())
          if (action === 'human.input' && status === 'waiting') await time.until(run.dispatch(provideInput(id, 'yes')));
        const { outputs } = await time.until(run);
        end = { status: run.snapshot.status, outputs };
      }
      logs[runId] = plain({ answered: answered.right, events, snapshots, end });
      longer[runId] = await eventsOf();
    }
    return { runs: listed.right.map(({ key: _, ...run }) => run), logs, longer };
  } finally {
    await store.close();
  }
};
