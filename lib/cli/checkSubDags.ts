import type { Plan } from '../index.js';
import { show } from '../model/explain.js';
import { didYouMean } from '../model/nearest.js';
import { isRef } from '../model/Ref.js';
import { UsageError } from './UsageError.js';

/** Throws a `UsageError` for nodes that name a pipeline as their sub-DAG that is not there. */
export const checkSubDags = (plans: readonly Plan[]): void => {
  const known = plans.slice(1).map(({ name }) => name);
  for (const { nodes } of plans)
    for (const { id, action, inputs } of nodes) {
      const named: unknown = inputs?.['dag'];
      if (action !== 'dag' || isRef(named)) continue;
      if (typeof named !== 'string')
        throw new UsageError(`Node ${show(id)} names no pipeline; give it the input "dag", with the name of one.`);
      if (!known.includes(named))
        throw new UsageError(
          `Node ${show(id)} names the pipeline ${show(named)}, which is not there; give its file by --dag FILE${didYouMean(named, known) || '.'}`,
        );
    }
};
