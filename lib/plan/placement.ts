import type { NodeSpec } from '../model/NodeSpec.js';

const POOL = 'pool:';

/** The pool of workers that runs a node: its own, else its action's; undefined for one that runs in this process. */
export const workersOf = (
  { placement }: Pick<NodeSpec, 'placement'>,
  action: { readonly placement?: string } | undefined,
): string | undefined => {
  const where = placement ?? action?.placement;
  return where?.startsWith(POOL) === true ? where.slice(POOL.length) : undefined;
};
