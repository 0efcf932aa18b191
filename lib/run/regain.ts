import * as E from '#fp-ts/Either';
import type { ActionRegistry } from '../define/ActionRegistry.js';
import { DagError } from '../define/DagError.js';
import { show } from '../model/explain.js';
import type { EventOf } from '../model/ExecutionEvent.js';
import type { Graph } from '../model/Graph.js';
import { getOwn, jsonEquals, type Json } from '../model/Json.js';
import { compile } from '../plan/compile.js';
import type { Plan } from '../plan/Plan.js';
import { holdsMask } from '../state/holdsMask.js';
import { keyTest, mask, maskEvent } from '../state/redact.js';
import { Secrets } from '../state/Secrets.js';
import { invalid } from './Definition.js';

/** What a stored run began with, as it really was: its log may show redacted values in their place. */
export interface Regained {
  readonly inputs: Readonly<Record<string, Json>>;
  readonly plan: Plan;
}

type First = EventOf<'RunStarted'>;

/**
 * Puts inputs that are given again, and the definition as it is loaded, in the place of redacted ones. Throws a `DagError`
 * for values that nobody has given, and for a definition that is no longer sound here.
 *
 * @param loaded - The DAG that the executor knows by the run's name.
 */
export const regain = (
  first: First,
  given: Readonly<Record<string, Json>>,
  loaded: Plan | undefined,
  registry: ActionRegistry,
): Regained & { readonly shown: Readonly<Record<string, Json>> } => {
  const test = keyTest(first.config.redact);
  const inputs = { ...first.inputs, ...given };
  const planOf = (definition: Graph): Plan => {
    const compiled = compile(definition, registry, { config: first.config });
    if (E.isRight(compiled)) return compiled.right;
    throw invalid(compiled.left);
  };
  if (test === undefined) return { inputs, shown: inputs, plan: planOf(first.definition) };
  const missing = Object.keys(first.inputs).filter(
    (key) => !Object.hasOwn(given, key) && holdsMask({ [key]: first.inputs[key] }, test),
  );
  if (missing.length > 0)
    throw new DagError(
      'InvalidOptions',
      `Run ${show(first.runId)} has redacted inputs; give ${missing.map(show).join(', ')} again, by options.inputs or --input NAME=VALUE.`,
    );
  return { inputs, shown: mask(inputs, test), plan: planOf(definitionOf(first, test, loaded)) };
};

/** Throws a `DagError` for inputs that are not the run's own, as far as its log shows them. */
export const checkSame = ({ runId, inputs }: First, shown: Readonly<Record<string, Json>>): void => {
  for (const key of Object.keys(shown)) {
    const before = getOwn(inputs, key);
    if (before === undefined || !jsonEquals(before, shown[key]!))
      throw new DagError(
        'InvalidOptions',
        `The input ${show(key)} is not what run ${show(runId)} began with; fork it to go on with another.`,
      );
  }
};

const definitionOf = (first: First, test: RegExp, loaded: Plan | undefined): Graph => {
  const { definition } = first;
  if (!definition.nodes.some((spec) => holdsMask(spec.inputs, test))) return definition;
  const real = loaded?.graph.nodes;
  const isSame =
    real !== undefined &&
    jsonEquals(
      maskEvent({ ...first, definition: { ...definition, nodes: real } }, test, new Secrets()).definition
        .nodes as unknown as Json,
      definition.nodes as unknown as Json,
    );
  if (isSame) return { ...definition, nodes: real };
  throw new DagError(
    'InvalidOptions',
    `The definition of run ${show(first.runId)} has redacted values; load the DAG ${show(first.dagName)} first, by executor.load or --dag FILE, as it was when the run began.`,
  );
};
