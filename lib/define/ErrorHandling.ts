import type { DagConfig } from '../model/DagConfig.js';
import { show } from '../model/explain.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { DagError } from './DagError.js';

/** What a node's final failure does to the rest, in the words of Dagger's builder; `custom` names an action. */
export type ErrorHandling = 'StopOnError' | 'ContinueOnError' | 'SkipOnError' | { readonly custom: string };

/** What it means for the run and for every node. */
interface Handling {
  readonly onFailure: DagConfig['onFailure'];
  readonly node: Pick<NodeSpec, 'onFailure' | 'failureAction'>;
}

const handlings: Readonly<Record<Exclude<ErrorHandling, object>, Handling>> = {
  StopOnError: { onFailure: 'Stop', node: {} },
  ContinueOnError: { onFailure: 'Continue', node: {} },
  SkipOnError: { onFailure: 'Continue', node: { onFailure: 'continue' } },
};

/** Throws a `DagError` for anything else. */
export const handlingOf = (strategy: ErrorHandling): Handling => {
  if (typeof strategy === 'string' && Object.hasOwn(handlings, strategy)) return handlings[strategy];
  const { custom } = Object(strategy) as { readonly custom?: unknown };
  if (typeof custom === 'string' && custom !== '') return { onFailure: 'Continue', node: { failureAction: custom } };
  const names = Object.keys(handlings).join(', ');
  throw new DagError(
    'InvalidOptions',
    `There is no error handling ${show(strategy)}; write one of ${names}, or { custom: 'the name of an action' }.`,
  );
};
