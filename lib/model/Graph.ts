import * as t from 'io-ts';
import { PartialDagConfig, type DagConfig } from './DagConfig.js';
import { NodeSpec } from './NodeSpec.js';
import { list, strict } from './strict.js';

/** A DAG as data: what `dag()` builds, files hold, and `RunStarted` records. */
export interface Graph {
  /** The name that it is loaded, started and listed under; it keeps its case. */
  readonly name: string;
  readonly nodes: readonly NodeSpec[];
  /** Settings of this DAG, over the executor's and under the run's. */
  readonly config?: Partial<DagConfig>;
  readonly description?: string;
  readonly author?: string;
  readonly version?: string;
  readonly signature?: string;
  readonly tags?: readonly string[];
  readonly instructions?: readonly string[];
}

export const Graph: t.Type<Graph, Graph, unknown> = strict<Graph>(
  'Graph',
  { name: t.string, nodes: list(NodeSpec) },
  {
    config: PartialDagConfig,
    description: t.string,
    author: t.string,
    version: t.string,
    signature: t.string,
    tags: list(t.string),
    instructions: list(t.string),
  },
);
