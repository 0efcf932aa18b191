import type { DagConfig } from '../model/DagConfig.js';
import { show } from '../model/explain.js';
import { didYouMean } from '../model/nearest.js';
import { ID_LENGTH_MAX, builtIn, checkId, expansionBases, flawOf } from './checkId.js';
import type { ActionLookup } from './compile.js';
import type { Findings } from './Findings.js';
import type { GraphError } from './GraphError.js';
import type { Plan } from './Plan.js';

type PlanNode = Plan['nodes'][number];

const expansionKeys = ['parent', 'item', 'index'] as const;

/** Checks what can be said of each node by itself. */
export const checkNodes = (
  nodes: readonly PlanNode[],
  registry: ActionLookup,
  config: Omit<DagConfig, 'pools'> & { readonly pools: DagConfig['pools'] | undefined },
  findings: Findings,
  warnings: string[],
): void => {
  const warn = (text: () => string): void => {
    if (warnings.length < 100) warnings.push(text());
    else warnings[99] = 'There are more warnings.';
  };
  const { pools } = config;
  const isKnown = (action: string): boolean => builtIn.includes(action) || registry.has(action);
  const check = (node: PlanNode, i: number): void => {
    const { id, action, branch, pool, failureAction, placement } = node;
    const add = (type: GraphError['type'], key: string, message: () => string): void =>
      findings.add(type, message, id, [`nodes[${i}].${key}`]);
    const flaw = checkId(id);
    if (flaw !== undefined) add(id === 'inputs' ? 'ReservedId' : 'MalformedId', 'id', () => flaw);
    const labelFlaw = branch === undefined ? undefined : flawOf(branch);
    if (labelFlaw !== undefined)
      add('MalformedId', 'branch', () => `The branch ${show(branch)} of node ${show(id)} ${labelFlaw}.`);
    if (!isKnown(action))
      add(
        'UnknownAction',
        'action',
        () => `Node ${show(id)} has the unknown action ${show(action)}${hint(action, actionsOf(registry))}`,
      );
    if (pool !== undefined && pools !== undefined && !Object.hasOwn(pools, pool))
      add(
        'UnknownPool',
        'pool',
        () =>
          `Node ${show(id)} needs the pool ${show(pool)}, which config.pools lacks${hint(pool, Object.keys(pools))}`,
      );
    if (placement !== undefined && placement !== 'local' && !/^pool:./.test(placement))
      add(
        'Malformed',
        'placement',
        () => `Node ${show(id)} has the placement ${show(placement)}; write "local" or "pool:name".`,
      );
    for (const key of expansionKeys)
      if (node[key] !== undefined)
        add(
          'Malformed',
          key,
          () => `Node ${show(id)} has "${key}", which is set by expansion, not by users; leave it out.`,
        );
    if (node.tryCount !== undefined && node.tryCount > config.maxAttempts)
      warn(
        () => `Node ${show(id)} asks for ${node.tryCount} attempts; config.maxAttempts allows ${config.maxAttempts}.`,
      );
    if (failureAction !== undefined && (failureAction === '' || !isKnown(failureAction)))
      warn(() =>
        failureAction === ''
          ? `Node ${show(id)} has an empty failureAction; nothing will run after its failure.`
          : `The failureAction ${show(failureAction)} of node ${show(id)} is not registered yet${hint(failureAction, actionsOf(registry))}`,
      );
  };
  // Most nodes have nothing that needs a closer look, and cost no closures.
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    if (!(isPlain(node) && isKnown(node.action))) check(node, i);
  }
};

/** Whether there is nothing to check of a node but its action. */
const isPlain = ({ id, branch, pool, placement, parent, item, index, tryCount, failureAction }: PlanNode): boolean =>
  id !== 'inputs' &&
  flawOf(id) === undefined &&
  branch === undefined &&
  pool === undefined &&
  placement === undefined &&
  parent === undefined &&
  item === undefined &&
  index === undefined &&
  tryCount === undefined &&
  failureAction === undefined;

const actionsOf = (registry: ActionLookup): readonly string[] => [...registry.list(), ...builtIn];

/** Ends a sentence with the nearest of the known names, or the first few of them. */
const hint = (name: string, known: readonly string[]): string =>
  didYouMean(name, known) ||
  (known.length === 0 ? '.' : `; known are ${known.slice(0, 5).map(show).join(', ')}${known.length > 5 ? ', …' : '.'}`);

const reservedFor = { items: 'the items of', dag: 'the sub-DAG of', failure: 'the failure action of' };

/** Checks that no id stands where an expansion will put its own nodes. */
export const checkReserved = (
  nodes: readonly PlanNode[],
  indexOf: ReadonlyMap<string, number>,
  findings: Findings,
): void => {
  const expands = { items: false, dag: false, failure: false };
  for (const { forEach, action, failureAction } of nodes) {
    if (forEach !== undefined) expands.items = true;
    if (action === 'dag') expands.dag = true;
    if (failureAction) expands.failure = true;
  }
  if (!expands.items && !expands.dag && !expands.failure) return;
  for (let i = 0; i < nodes.length; i++) {
    const { id } = nodes[i]!;
    if (id.length > ID_LENGTH_MAX) continue;
    for (const { base, kind } of expansionBases(id)) {
      const node = expands[kind] ? nodes[indexOf.get(base) ?? -1] : undefined;
      if (
        node === undefined ||
        !(kind === 'items' ? node.forEach : kind === 'dag' ? node.action === 'dag' : node.failureAction)
      )
        continue;
      const message = (): string =>
        `The id ${show(id)} is reserved for ${reservedFor[kind]} node ${show(base)}; rename the node.`;
      findings.add('ReservedId', message, id, [`nodes[${i}].id`]);
      break;
    }
  }
};
