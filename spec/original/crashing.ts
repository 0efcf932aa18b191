import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { ActionRegistry, DagExecutor, action, pauseRun, type ExecutionEvent, type Graph } from '../../lib/index.js';
import { fileStore } from './fileStore.js';

export const RUN = 'crashing';

/** `quick` has ended and `slow` runs when the run is paused; the rest has not started. */
export const graph: Graph = {
  name: 'crashing',
  nodes: [
    { id: 'quick', action: 'write', inputs: { ms: 0 } },
    { id: 'slow', action: 'write', inputs: { ms: 60_000 } },
    { id: 'after quick', action: 'write', deps: ['quick'], inputs: { ms: 0 } },
    { id: 'after both', action: 'write', deps: ['slow', 'after quick'], inputs: { ms: 0 } },
  ],
};

/** An executor whose actions write down each call of theirs; they last as long as they are told, or as `ms` says. */
export const executorIn = (folder: string, ms?: number): DagExecutor =>
  new DagExecutor({
    store: fileStore(folder),
    registry: new ActionRegistry().register(
      action('write', async ({ nodeId, attempt, idempotencyKey, inputs }) => {
        appendFileSync(join(folder, 'calls.txt'), `${nodeId} ${attempt} ${idempotencyKey}\n`);
        await new Promise((resolve) => {
          setTimeout(resolve, ms ?? inputs.ms);
        });
        return `${nodeId} is done`;
      }),
    ),
  });

const pauseAfterQuick = {
  name: 'pauses',
  onNodeComplete: (_: unknown, { nodeId }: Extract<ExecutionEvent, { type: 'NodeSucceeded' }>) =>
    nodeId === 'quick' ? pauseRun('before it is killed') : undefined,
};

const [, main, folder] = process.argv;
if (main === import.meta.filename && folder !== undefined) {
  const run = executorIn(folder).start(graph, { runId: RUN, hooks: [pauseAfterQuick] });
  run.event$.subscribe(({ type }) => type === 'RunPaused' && console.log('paused'));
}
