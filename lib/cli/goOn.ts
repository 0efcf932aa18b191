import {
  provideInput,
  resumeRun,
  type DagExecutor,
  type DagRun,
  type Estimates,
  type ExecutorCommand,
  type Json,
} from '../index.js';
import { show } from '../model/explain.js';
import { asUsageLater } from './asUsage.js';
import type { ExitCode } from './exitCode.js';
import { follow, type FollowOptions } from './follow.js';
import { inputsFrom } from './inputsFrom.js';
import { KeptRun } from './KeptRun.js';
import { learnt } from './learnt.js';
import { isRedis, openStore, type KeptRuns } from './openStore.js';
import { rememberedCode, type CodeOptions } from './rememberedCode.js';
import { RunViewer } from './RunViewer.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

export interface GoOnOptions extends FollowOptions, CodeOptions {
  /** The run's inputs once more, or others for a fork. */
  readonly input: readonly string[];
  readonly inputs: readonly string[];
  readonly port?: number;
}

/** What the run is gone on with, besides its code. */
export interface Given {
  readonly inputs: Readonly<Record<string, Json>>;
  /** How long nodes took in earlier runs. */
  readonly estimates?: Estimates;
}

/** What a command does with a stored run before it is followed. */
export interface Begun {
  readonly run: DagRun;
  /** Asked in order; one that is refused ends the command. */
  readonly commands: readonly ExecutorCommand[];
}

/** Opens a stored run with the code that it began with, lets `begin` go on with it, and follows that to its end. */
export const goOn = async (
  runId: string,
  options: GoOnOptions,
  terminal: Terminal,
  begin: (executor: DagExecutor, given: Given, store: KeptRuns) => Promise<Begun>,
): Promise<ExitCode> => {
  if (options.json === true) terminal.keepOutput();
  const inputs = await inputsFrom(options.input, options.inputs);
  const store = await openStore(options.db, { writes: true });
  const tell = (text: string): void => void (options.quiet === true || terminal.tell(text));
  const { executor, answers, dagName } = await rememberedCode(store, runId, options, tell);
  const estimates = isRedis(options.db) ? undefined : await learnt(store, dagName, (text) => terminal.tell(text));
  const given = { inputs, ...(estimates && { estimates }) };
  const viewer =
    options.viewer === true ? await RunViewer.open({ executor, store, port: options.port, terminal }) : undefined;
  const { run, commands } = await asUsageLater(() => begin(executor, given, store));
  viewer?.show(run);
  const { status } = run.snapshot;
  const answered = answersNow(run, answers);
  const asked = [...(status === 'paused' ? [resumeRun()] : []), ...answered, ...commands];
  for (const command of asked) {
    const answer = await run.dispatch(command);
    // What hears the run's questions may have answered one meanwhile.
    if (answer._tag === 'Left' && !(answered.includes(command) && !isAsking(run, command)))
      throw new UsageError(`Run ${show(run.runId)}: ${answer.left.reason}`);
  }
  const code = await follow(run, options, terminal, new KeptRun(run.runId, options.db, options.remote));
  await viewer?.end(code, options);
  return code;
};

const isAsking = (run: DagRun, command: ExecutorCommand): boolean =>
  'nodeId' in command && run.snapshot.node(command.nodeId)?.status === 'waiting';

/** Answers to nodes that had asked before. */
const answersNow = (run: DagRun, answers: Readonly<Record<string, Json>>): readonly ExecutorCommand[] =>
  Object.entries(answers)
    .filter(([nodeId]) => run.snapshot.node(nodeId)?.status === 'waiting')
    .map(([nodeId, value]) => provideInput(nodeId, value));
