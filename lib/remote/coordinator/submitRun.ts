import { randomUUID } from 'node:crypto';
import { DagError, EngineError } from '../../define/DagError.js';
import { mergeConfig, defaultConfig, type DagConfig } from '../../model/DagConfig.js';
import { show } from '../../model/explain.js';
import type { Graph } from '../../model/Graph.js';
import type { Json } from '../../model/Json.js';
import { compile, type ActionLookup } from '../../plan/compile.js';
import { checkNewRunId, inputsFrom } from '../../run/checkOptions.js';
import { invalid } from '../../run/Definition.js';
import type { EventStore, StoreError } from '../../run/EventStore.js';

export interface SubmitOptions {
  readonly runId: string;
  readonly inputs?: Readonly<Record<string, Json>>;
  /** Over the graph's. */
  readonly config?: Partial<DagConfig>;
  /** Checks the names of actions; without it whoever runs the run does. @default any name is taken */
  readonly registry?: ActionLookup;
  /** Epoch milliseconds. */
  readonly now: number;
}

const anything: ActionLookup = { has: () => true, list: () => [] };

/**
 * Puts a run into a store for a coordinator to begin: its log gets its first event, and no owner. Rejects with a `DagError`
 * for an invalid graph, a run id that is none or is taken, and a graph that redacts values, since those would have to lie in the log;
 * with an `EngineError` where the store can't keep it.
 */
export const submitRun = async (store: EventStore, graph: Graph, options: SubmitOptions): Promise<void> => {
  const { runId, inputs = {}, config: over = {}, registry = anything, now } = options;
  checkNewRunId(runId);
  const config = mergeConfig(defaultConfig, graph.config, over);
  const compiled = compile(graph, registry, { config });
  if (compiled._tag === 'Left') throw invalid(compiled.left);
  if (config.redact.length > 0)
    throw new DagError(
      'InvalidOptions',
      `DAG ${show(graph.name)} redacts values, and a run that is handed over can keep no secrets; run it with the executor that has them.`,
    );
  const event = {
    seq: 1,
    at: now,
    type: 'RunStarted' as const,
    format: 1 as const,
    runId,
    dagName: compiled.right.name,
    definition: compiled.right.graph,
    inputs: inputsFrom({ inputs }),
    config,
  };
  const { epoch } = orThrow(runId, await store.acquire(runId, { id: `submit#${randomUUID()}`, startedAt: now })());
  try {
    orThrow(runId, await store.append(runId, epoch, 0, [event], {})());
  } finally {
    await store.release(runId, epoch)();
  }
};

type Answer<A> = { readonly _tag: 'Left'; readonly left: StoreError } | { readonly _tag: 'Right'; readonly right: A };

const orThrow = <A>(runId: string, answer: Answer<A>): A => {
  if (answer._tag === 'Right') return answer.right;
  const { type, message } = answer.left;
  throw type === 'Conflict' || type === 'OwnedElsewhere'
    ? new DagError('DuplicateRun', `There is a run ${show(runId)} already; give another id.`)
    : new EngineError(message, { cause: answer.left });
};
