import { existsSync } from 'node:fs';
import { DagExecutor, type Estimates, type EventStore } from '../index.js';
import { schedulePreview } from '../formats/schedulePreview.js';
import { showFileError } from '../formats/yaml/index.js';
import { show } from '../model/explain.js';
import { didYouMean } from '../model/nearest.js';
import { actionsFrom } from './actionsFrom.js';
import { answering, answersFrom } from './answering.js';
import { asUsage } from './asUsage.js';
import { checkSubDags } from './checkSubDags.js';
import { dryRunText } from './dryRunText.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { follow, type FollowOptions } from './follow.js';
import { hooksFrom } from './hooksFrom.js';
import { checkInputs, inputsFrom } from './inputsFrom.js';
import { KeptRun } from './KeptRun.js';
import { learnt } from './learnt.js';
import { modulesHook, modulesOf } from './modulesHook.js';
import { openResults } from './openResults.js';
import { openRemote } from './openRemote.js';
import { isBlank, isRedis, openStore } from './openStore.js';
import { readPipeline } from './readPipeline.js';
import { RunViewer } from './RunViewer.js';
import { tellPlaced } from './tellPlaced.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

export interface RunCommandOptions extends FollowOptions {
  readonly actions: readonly string[];
  readonly hooks: readonly string[];
  readonly input: readonly string[];
  readonly inputs: readonly string[];
  readonly dag: readonly string[];
  readonly answer: readonly string[];
  readonly parallel?: number;
  readonly db?: string;
  /** Whether nodes may be served from kept results. @default true */
  readonly cache?: boolean;
  readonly runId?: string;
  readonly dryRun?: boolean;
  readonly port?: number;
  /** The Redis whose workers run the nodes that are placed in a pool. */
  readonly remote?: string;
  readonly keyFile?: string;
}

/** Reads a pipeline and its modules, runs it, shows what happens, and tells how it ended. */
export const runCommand = async (file: string, options: RunCommandOptions, terminal: Terminal): Promise<ExitCode> => {
  if (options.json === true) terminal.keepOutput();
  const registry = await actionsFrom(options.actions);
  const hooks = await hooksFrom(options.hooks);
  const config = options.parallel === undefined ? {} : { maxParallelNodes: options.parallel };
  const { graph, plan, warnings } = await readPipeline(file, { registry });
  const others = await Promise.all(options.dag.map((path) => readPipeline(path, { registry })));
  checkSubDags([plan, ...others.map((other) => other.plan)]);
  const inputs = await inputsFrom(options.input, options.inputs);
  const answers = answersFrom(options.answer);
  const unused = [
    ...checkInputs(plan, inputs),
    ...Object.keys(answers)
      .filter((id) => !plan.indexOf.has(id))
      .map(
        (id) =>
          `No node has the id ${show(id)} that --answer names${didYouMean(id, plan.indexOf.keys()) || '; a hook may add it.'}`,
      ),
  ];
  const told = [...warnings, ...others.flatMap((other) => other.warnings)].map(showFileError);
  if (options.quiet !== true)
    for (const warning of [...told, ...unused.map((text) => `warning: ${text}`)]) terminal.tell(warning);
  if (options.dryRun === true) {
    const limit = options.parallel ?? graph.config?.maxParallelNodes ?? 3;
    const preview = schedulePreview(plan, limit, await earlier(options.db, graph.name, (text) => terminal.tell(text)));
    if (options.json === true) terminal.json(preview);
    else terminal.out(dryRunText(graph.name, preview, limit));
    return exitCode.success;
  }
  const { db, remote, keyFile } = options;
  const far =
    remote === undefined
      ? undefined
      : await openRemote({ remote, ...(keyFile && { keyFile }) }, (text) => terminal.tell(text));
  if (far === undefined && options.quiet !== true) tellPlaced(plan.nodes, registry, (text) => terminal.tell(text));
  const dbFile = db === undefined || isRedis(db) ? undefined : db;
  const store = db === undefined ? far?.store : await openStore(db, { create: true });
  const results = dbFile === undefined ? undefined : await openResults(dbFile, options.cache);
  const all = [
    ...hooks,
    ...answering(answers),
    ...(store === undefined ? [] : [modulesHook(modulesOf(file, options))]),
  ];
  const executor = asUsage(
    () =>
      new DagExecutor({
        registry,
        hooks: all,
        ...(store && { store }),
        ...(results && { results }),
        ...(far && { remote: far.engine }),
      }),
  );
  for (const other of others) executor.load(other.graph);
  const named = options.runId === undefined ? {} : { runId: options.runId };
  if (store !== undefined && options.runId !== undefined) await refuseTwice(store, options.runId);
  const estimates = dbFile === undefined ? undefined : await learnt(store!, graph.name, (text) => terminal.tell(text));
  const viewer =
    options.viewer === true ? await RunViewer.open({ executor, store, port: options.port, terminal }) : undefined;
  const run = asUsage(() => executor.start(graph, { inputs, config, ...named, ...(estimates && { estimates }) }));
  viewer?.show(run);
  const code = await follow(
    run,
    { ...options, told: plan.warnings },
    terminal,
    store === undefined ? undefined : new KeptRun(run.runId, (db ?? remote)!, remote),
  );
  await viewer?.end(code, options);
  return code;
};

/** What a database tells of earlier runs; a dry run makes none. */
const earlier = async (
  db: string | undefined,
  dagName: string,
  warn: (text: string) => void,
): Promise<Estimates | undefined> =>
  db === undefined || isRedis(db) || !existsSync(db) || isBlank(db)
    ? undefined
    : learnt(await openStore(db), dagName, warn);

/** A run has its name for itself. */
const refuseTwice = async (store: EventStore, runId: string): Promise<void> => {
  for await (const _ of store.read(runId))
    throw new UsageError(
      `There is a run ${show(runId)} in this database already; give another --run-id, or resume it.`,
    );
};
