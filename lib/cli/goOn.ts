import {
  DagExecutor,
  provideInput,
  resumeRun,
  type DagRun,
  type ExecutorCommand,
  type Json,
  type NodeSpec,
} from '../index.js';
import { show } from '../model/explain.js';
import type { SqliteStore } from '../stores/sqlite/index.js';
import { actionsFrom } from './actionsFrom.js';
import { answering, answersFrom } from './answering.js';
import { asUsageLater } from './asUsage.js';
import { checkActions } from './checkActions.js';
import type { ExitCode } from './exitCode.js';
import { follow, type FollowOptions } from './follow.js';
import { hooksFrom } from './hooksFrom.js';
import { inputsFrom } from './inputsFrom.js';
import { KeptRun } from './KeptRun.js';
import { changeOf, modulesHook, modulesIn, type Modules } from './modulesHook.js';
import { openResults } from './openResults.js';
import { openStore } from './openStore.js';
import { readPipeline } from './readPipeline.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

export interface GoOnOptions extends FollowOptions {
  readonly db: string;
  /** Whether nodes may be served from kept results. @default true */
  readonly cache?: boolean;
  /** Instead of those that the run remembers. */
  readonly actions: readonly string[];
  readonly hooks: readonly string[];
  readonly dag: readonly string[];
  readonly answer: readonly string[];
  /** The run's inputs once more, or others for a fork. */
  readonly input: readonly string[];
  readonly inputs: readonly string[];
}

type Inputs = Readonly<Record<string, Json>>;

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
  begin: (executor: DagExecutor, inputs: Inputs, store: SqliteStore) => Promise<Begun>,
): Promise<ExitCode> => {
  if (options.json === true) terminal.keepOutput();
  const inputs = await inputsFrom(options.input, options.inputs);
  const store = await openStore(options.db, { writes: true });
  const { known, isRedacted, nodes } = await beginningOf(store, runId);
  const given = (key: 'actions' | 'hooks' | 'dag'): readonly string[] =>
    options[key].length > 0 ? options[key] : (known?.[key] ?? []);
  const change = known === undefined ? undefined : changeOf(known);
  if (change !== undefined && options.quiet !== true)
    terminal.tell(`warning: ${known!.file!} ${change}; the run goes on with the pipeline that it began with.`);
  const registry = await actionsFrom(given('actions'));
  checkActions(runId, nodes, registry, given('actions'));
  const answers = answersFrom(options.answer);
  const hooks = [
    ...(await hooksFrom(given('hooks'))),
    ...answering(answers),
    ...(known === undefined ? [] : [modulesHook(known)]),
  ];
  const results = await openResults(options.db, options.cache);
  const executor = new DagExecutor({ registry, hooks, store, results });
  // The log masks values that stand in the pipeline itself.
  const own = isRedacted && change === undefined && known?.file !== undefined ? [known.file] : [];
  for (const path of [...own, ...given('dag')]) executor.load((await readPipeline(path, { registry })).graph);
  const { run, commands } = await asUsageLater(() => begin(executor, inputs, store));
  const { status } = run.snapshot;
  const asked = [...(status === 'paused' ? [resumeRun()] : []), ...answersNow(run, answers), ...commands];
  for (const command of asked) {
    const answer = await run.dispatch(command);
    if (answer._tag === 'Left') throw new UsageError(`Run ${show(run.runId)}: ${answer.left.reason}`);
  }
  return follow(run, options, terminal, new KeptRun(run.runId, options.db));
};

/** Answers to nodes that had asked before. */
const answersNow = (run: DagRun, answers: Readonly<Record<string, Json>>): readonly ExecutorCommand[] =>
  Object.entries(answers)
    .filter(([nodeId]) => run.snapshot.node(nodeId)?.status === 'waiting')
    .map(([nodeId, value]) => provideInput(nodeId, value));

const EARLY = 10;

interface Beginning {
  readonly known: Modules | undefined;
  readonly isRedacted: boolean;
  readonly nodes: readonly NodeSpec[];
}

/** Where the run came from, as the first events of its log tell. */
const beginningOf = (store: SqliteStore, runId: string): Promise<Beginning> =>
  asUsageLater(async () => {
    let isRedacted = false;
    let nodes: readonly NodeSpec[] = [];
    for await (const event of store.read(runId)) {
      if (event.type === 'RunStarted') {
        isRedacted = event.config.redact.length > 0;
        ({ nodes } = event.definition);
      }
      const known = modulesIn(event);
      if (known !== undefined || event.seq > EARLY) return { known, isRedacted, nodes };
    }
    return { known: undefined, isRedacted, nodes };
  });
