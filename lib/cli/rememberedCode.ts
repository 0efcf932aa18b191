import { DagExecutor, type Json, type NodeSpec, type ResultCache } from '../index.js';
import { openRemote } from './openRemote.js';
import { isRedis, type KeptRuns } from './openStore.js';
import { actionsFrom } from './actionsFrom.js';
import { answering, answersFrom } from './answering.js';
import { asUsageLater } from './asUsage.js';
import { checkActions } from './checkActions.js';
import { hooksFrom } from './hooksFrom.js';
import { changeOf, modulesHook, modulesIn, type Modules } from './modulesHook.js';
import { openResults } from './openResults.js';
import { readPipeline } from './readPipeline.js';
import { tellPlaced } from './tellPlaced.js';

/** With what code a stored run is gone on with: what is not named here is what the run remembers. */
export interface CodeOptions {
  readonly db: string;
  /** The Redis whose workers run the nodes that are placed in a pool. */
  readonly remote?: string;
  readonly keyFile?: string;
  /** Whether nodes may be served from kept results. @default true */
  readonly cache?: boolean;
  /** The kept results, where they are open already. */
  readonly results?: ResultCache | undefined;
  readonly actions: readonly string[];
  readonly hooks: readonly string[];
  readonly dag: readonly string[];
  readonly answer: readonly string[];
}

/** What goes on with a stored run, and the answers that are given with it. */
export interface RunCode {
  readonly executor: DagExecutor;
  readonly answers: Readonly<Record<string, Json>>;
  readonly dagName: string;
}

/** Loads the code that a stored run began with; `tell` hears what is not as it was. */
export const rememberedCode = async (
  store: KeptRuns,
  runId: string,
  options: CodeOptions,
  tell: (text: string) => void,
): Promise<RunCode> => {
  const { known, isRedacted, nodes, dagName } = await beginningOf(store, runId);
  const given = (key: 'actions' | 'hooks' | 'dag'): readonly string[] =>
    options[key].length > 0 ? options[key] : (known?.[key] ?? []);
  const change = known === undefined ? undefined : changeOf(known);
  if (change !== undefined)
    tell(`warning: ${known!.file!} ${change}; the run goes on with the pipeline that it began with.`);
  const registry = await actionsFrom(given('actions'));
  checkActions(runId, nodes, registry, given('actions'));
  const answers = answersFrom(options.answer);
  const hooks = [
    ...(await hooksFrom(given('hooks'))),
    ...answering(answers),
    ...(known === undefined ? [] : [modulesHook(known)]),
  ];
  const results = options.results ?? (isRedis(options.db) ? undefined : await openResults(options.db, options.cache));
  const { remote, keyFile } = options;
  const far = remote === undefined ? undefined : await openRemote({ remote, ...(keyFile && { keyFile }) }, tell);
  if (far === undefined) tellPlaced(nodes, registry, tell);
  const executor = new DagExecutor({
    registry,
    hooks,
    store,
    ...(results && { results }),
    ...(far && { remote: far.engine }),
  });
  // The log masks values that stand in the pipeline itself.
  const own = isRedacted && change === undefined && known?.file !== undefined ? [known.file] : [];
  for (const path of [...own, ...given('dag')]) executor.load((await readPipeline(path, { registry })).graph);
  return { executor, answers, dagName };
};

const EARLY = 10;

interface Beginning {
  readonly known: Modules | undefined;
  readonly isRedacted: boolean;
  readonly nodes: readonly NodeSpec[];
  readonly dagName: string;
}

/** Where the run came from, as the first events of its log tell. */
const beginningOf = (store: KeptRuns, runId: string): Promise<Beginning> =>
  asUsageLater(async () => {
    let isRedacted = false;
    let nodes: readonly NodeSpec[] = [];
    let dagName = '';
    for await (const event of store.read(runId)) {
      if (event.type === 'RunStarted') {
        isRedacted = event.config.redact.length > 0;
        ({ nodes } = event.definition);
        ({ dagName } = event);
      }
      const known = modulesIn(event);
      if (known !== undefined || event.seq > EARLY) return { known, isRedacted, nodes, dagName };
    }
    return { known: undefined, isRedacted, nodes, dagName };
  });
