import { join, relative } from 'node:path';
import { DagExecutor, type EventOf, type ExecutionEvent } from '../../lib/index.js';
import { plural } from './format.js';
import { chartFile, reportFile, weatherPipeline } from './pipeline.js';
import { headline } from './report.js';
import type { Comparison, YearStatistics } from './statistics.js';
import type { Finding } from './investigate.js';

const outDir = join(import.meta.dirname, 'out');
const { graph, registry, hooks, inputs } = weatherPipeline({ outDir });
const executor = new DagExecutor({ registry, hooks, config: { maxParallelNodes: 4 } });
const run = executor.start(graph, { inputs });

/** One line for what deserves one; the many alike are told together. */
const tell = (event: ExecutionEvent): string | undefined => {
  switch (event.type) {
    case 'RunStarted':
      return `${event.dagName} started with ${plural(event.definition.nodes.length, 'node')}`;
    case 'NodeStarted':
      return isInvestigation(event.nodeId) ? undefined : `${event.nodeId} started`;
    case 'NodeWaiting':
      return `${event.nodeId} fans out`;
    case 'NodeProgressed':
      return `${event.nodeId} progressed: ${JSON.stringify(event.value)}`;
    case 'NodeSucceeded':
      return isInvestigation(event.nodeId)
        ? `${event.nodeId} succeeded: ${conclusions[(event.output as Finding).conclusion]}`
        : `${event.nodeId} succeeded`;
    case 'NodeRetryScheduled':
      return `${event.nodeId} failed, is tried again in ${event.delayMs} ms: ${event.error.message}`;
    case 'NodeFailed':
      return `${event.nodeId} failed: ${event.error.message}`;
    case 'NodeSkipped':
      return `${event.nodeId} skipped: ${event.reason}`;
    case 'NodeInputsSet':
      return `${event.by ?? 'user'} set the inputs of ${event.nodeId}`;
    case 'BranchPaused':
      return `${event.by ?? 'user'} paused the branch ${event.branchId}: ${event.reason ?? ''}`;
    case 'BranchResumed':
      return `${event.by ?? 'user'} resumed the branch ${event.branchId}`;
    case 'CommandRefused':
      return `a command was refused: ${event.reason}`;
    case 'HookFailed':
      return `the hook ${event.hook} failed: ${event.error.message}`;
    default:
      return undefined;
  }
};

const conclusions: Readonly<Record<Finding['conclusion'], string>> = {
  spell: 'the days around back it',
  supported: 'another reading of the day backs it',
  alone: 'nothing else backs it',
};
const isInvestigation = (nodeId: string): boolean => nodeId.startsWith('investigate:');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const succeeded = new Map<number, string>();
/** The investigations that a hook has added in answer to one event: told in one line, once all are known. */
let added: readonly EventOf<'NodeAdded'>[] = [];
let startedAt: number | undefined;
for await (const event of run) {
  startedAt ??= event.at;
  const time = `${String(event.at - startedAt).padStart(5)} ms  `;
  if (event.type === 'NodeSucceeded') succeeded.set(event.seq, event.nodeId);
  const isAnother = event.type === 'NodeAdded' && isInvestigation(event.node.id ?? '');
  const [first] = added;
  if (first !== undefined && !(isAnother && event.cause === first.cause)) {
    const cause = succeeded.get(first.cause ?? 0) ?? 'an event';
    say(`${time}${first.by ?? 'user'} added ${plural(added.length, 'investigation')} in answer to ${cause}`);
    added = [];
  }
  if (isAnother) added = [...added, event];
  const line = tell(event);
  if (line !== undefined) say(time + line);
}

const report = await run.report;
const { metrics, outputs, durationMs } = report;
const investigations = report.nodeOutcomes.filter(({ nodeId }) => isInvestigation(nodeId)).length;
say('');
if (report.success) {
  say(headline(outputs['years'] as unknown as readonly YearStatistics[], outputs['compare'] as unknown as Comparison));
  say(
    `${plural(metrics.nodesSucceeded, 'node')} succeeded, ${investigations} of them added by a hook, in ${(durationMs / 1000).toFixed(1)} s. Written:`,
  );
  for (const file of [reportFile, chartFile]) say(`  ${relative(process.cwd(), join(outDir, file))}`);
} else {
  say(`The run ended as ${report.status}: ${report.error ?? 'see above'}`);
  process.exitCode = 1;
}
