import { DagError, DagExecutor, type DagExecutionReport } from '../../lib/index.js';
import { agent } from './agent.js';
import { askAtTerminal } from './askAtTerminal.js';
import { askPerson } from './askPerson.js';
import { printable } from './printable.js';
import { tellRun } from './tellRun.js';

const SAMPLE = 'How many metres are 3.5 miles plus 12 * 7 miles? Which files of lib mention mergeMap?';

const say = (...lines: readonly string[]): void => void process.stdout.write(`${lines.map(printable).join('\n')}\n`);

const controller = new AbortController();
process.once('SIGINT', () => controller.abort());

const tell = tellRun(say);
const executor = new DagExecutor(
  process.stdin.isTTY
    ? agent({ hooks: [tell, askPerson(askAtTerminal(controller))] })
    : agent({ hooks: [tell], config: { humanWaitMs: 50, humanTimeoutAction: 'Autopilot' } }),
);

const show = ({ success, error, outputs, metrics }: DagExecutionReport): void => {
  const answer = outputs['final_answer'] as { readonly text: string } | undefined;
  const count = (action: string): number =>
    (metrics.custom[`${action}.succeeded`] ?? 0) + (metrics.custom[`${action}.failed`] ?? 0);
  say('', answer?.text ?? 'There is no answer.', '');
  if (controller.signal.aborted) say('Interrupted.');
  else if (!success) say(`Not all went well: ${error ?? 'see above'}`);
  const rounds = count('supervisor_step') + count('provider_llm_node');
  say(
    `${metrics.nodesTotal} nodes, ${count('tool_invoke_node')} of them tools; ${rounds} ${rounds === 1 ? 'round' : 'rounds'} of the model.`,
  );
  process.exitCode = controller.signal.aborted ? 130 : success && answer !== undefined ? 0 : 1;
};

try {
  const task = process.argv.slice(2).join(' ').trim() || SAMPLE;
  show(await executor.executeAgentDag(task, undefined, controller.signal));
} catch (error) {
  if (!(error instanceof DagError)) throw error;
  process.stderr.write(`The task can't be taken: ${printable(error.message)}\n`);
  process.exitCode = 2;
}
