import { stripVTControlCharacters } from 'node:util';
import {
  DagError,
  DagExecutor,
  provideInput,
  type DagExecutionReport,
  type DagRun,
  type ExecutionEvent,
  type Hook,
  type Json,
} from '../index.js';
import { schedulePreview } from '../formats/schedulePreview.js';
import { showFileError } from '../formats/yaml/index.js';
import { setOwn } from '../model/Json.js';
import { printable } from '../model/printable.js';
import { actionsFrom } from './actionsFrom.js';
import { dryRunText } from './dryRunText.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { hooksFrom } from './hooksFrom.js';
import { checkInputs, inputsFrom, parsePair } from './inputsFrom.js';
import { readPipeline } from './readPipeline.js';
import { RunScreen } from './RunScreen.js';
import { summaryText } from './summaryText.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

export interface RunCommandOptions {
  readonly actions: readonly string[];
  readonly hooks: readonly string[];
  readonly input: readonly string[];
  readonly inputs: readonly string[];
  readonly dag: readonly string[];
  readonly answer: readonly string[];
  readonly parallel?: number;
  readonly runId?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Reads a pipeline and its modules, runs it, shows what happens, and tells how it ended. */
export const runCommand = async (file: string, options: RunCommandOptions, terminal: Terminal): Promise<ExitCode> => {
  if (options.json === true) terminal.keepOutput();
  const registry = await actionsFrom(options.actions);
  const hooks = await hooksFrom(options.hooks);
  const config = options.parallel === undefined ? {} : { maxParallelNodes: options.parallel };
  const { graph, plan, warnings } = await readPipeline(file, { registry });
  const others = await Promise.all(options.dag.map((path) => readPipeline(path, { registry })));
  const inputs = await inputsFrom(options.input, options.inputs);
  const answers = answersFrom(options.answer);
  const unused = checkInputs(plan, inputs);
  const told = [...warnings, ...others.flatMap((other) => other.warnings)].map(showFileError);
  if (options.quiet !== true)
    for (const warning of [...told, ...unused.map((text) => `warning: ${text}`)]) terminal.tell(warning);
  if (options.dryRun === true) {
    const limit = options.parallel ?? graph.config?.maxParallelNodes ?? 3;
    terminal.out(
      options.json === true
        ? `${JSON.stringify(schedulePreview(plan, limit))}\n`
        : dryRunText(graph.name, schedulePreview(plan, limit), limit),
    );
    return exitCode.success;
  }
  const executor = checked(() => new DagExecutor({ registry, hooks: [...hooks, ...answering(answers)] }));
  for (const other of others) executor.load(other.graph);
  const screen = new RunScreen(terminal, modeOf(options, terminal));
  const named = options.runId === undefined ? {} : { runId: options.runId };
  const run = checked(() => executor.start(graph, { inputs, config, ...named }));
  const end = await screen.show(run);
  if (end.type === 'waiting') {
    terminal.tell(end.text);
    return exitCode.waiting;
  }
  if (end.type === 'left') return exitCode.interrupted;
  if (options.json !== true) tell(end.report, run, terminal, options.quiet === true);
  return end.interrupted ? exitCode.interrupted : end.report.success ? exitCode.success : exitCode.failed;
};

const modeOf = ({ json, quiet }: RunCommandOptions, terminal: Terminal): 'json' | 'quiet' | 'live' | 'plain' =>
  json === true ? 'json' : quiet === true ? 'quiet' : terminal.isLive ? 'live' : 'plain';

/** What the executor finds wrong with what it was given is a wrong use. */
const checked = <T>(make: () => T): T => {
  try {
    return make();
  } catch (error) {
    throw error instanceof DagError ? new UsageError(error.message) : error;
  }
};

const answersFrom = (pairs: readonly string[]): Readonly<Record<string, Json>> => {
  const answers: Record<string, Json> = {};
  for (const pair of pairs) setOwn(answers, ...parsePair(pair, '--answer'));
  return answers;
};

/** Answers the nodes that were answered on the command line, as soon as they ask. */
const answering = (answers: Readonly<Record<string, Json>>): readonly Hook[] =>
  Object.keys(answers).length === 0
    ? []
    : [
        {
          name: 'answer',
          observe: true,
          onEvent: (_, event: ExecutionEvent) =>
            event.type === 'NodeWaiting' && event.on === 'input' && Object.hasOwn(answers, event.nodeId)
              ? provideInput(event.nodeId, answers[event.nodeId]!)
              : undefined,
        },
      ];

const tell = (report: DagExecutionReport, run: DagRun, terminal: Terminal, quiet: boolean): void => {
  for (const warning of quiet ? [] : report.warnings.slice(0, 20)) terminal.tell(`warning: ${printable(warning)}`);
  const text = summaryText(report, run.snapshot, terminal);
  if (!quiet) terminal.out(text);
  else if (!report.success) terminal.err(process.stderr.isTTY ? text : stripVTControlCharacters(text));
};
