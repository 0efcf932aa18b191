// What those who watch a run cost: hooks, subscribers of events, readers of snapshots; and hooks that add nodes.
// usage: watchers.mjs
import { ActionRegistry, DagExecutor, action, addNodes } from '../../dist/index.js';
import { shapes } from './graphs.mjs';
import { inTurn, median, ready } from './measure.mjs';

const SIZE = 10_000;
const ROUNDS = { warmUp: 6, rounds: 9 };

const nodes = shapes.layered(SIZE);
const nobody = { hooks: 0, subscribers: 0, readers: 0 };
const read = ({ counts }) => counts.succeeded;
const watchers = {
  nobody,
  '1 hook': { ...nobody, hooks: 1 },
  '10 hooks': { ...nobody, hooks: 10 },
  '1 subscriber': { ...nobody, subscribers: 1 },
  '10 subscribers': { ...nobody, subscribers: 10 },
  '100 subscribers': { ...nobody, subscribers: 100 },
  '1 reader of counts': { ...nobody, readers: 1, read },
  '10 readers of counts': { ...nobody, readers: 10, read },
  '1 reader of a node': { ...nobody, readers: 1, read: (snapshot) => snapshot.node('n0')?.status },
};
const subjects = {};
for (const [name, options] of Object.entries(watchers)) subjects[name] = await ready('rxdag', nodes, options);
const watched = await inTurn(subjects, ROUNDS);

/** A run that begins with one node, to which a hook adds so many, some at a time; CPU per added node. */
const storm = async (atOnce) => {
  const registry = new ActionRegistry().register(action('noop', async () => undefined));
  let added = 0;
  const hook = {
    name: 'storm',
    onNodeComplete(_, { nodeId }) {
      if (added >= SIZE || (nodeId !== 'begin' && Number(nodeId.slice(1)) % atOnce !== 0)) return undefined;
      const more = Array.from({ length: atOnce }, () => ({ id: `n${added++}`, action: 'noop', deps: [nodeId] }));
      return addNodes(more);
    },
  };
  const executor = new DagExecutor({ registry, hooks: [hook], config: { maxParallelNodes: 16 } });
  globalThis.gc?.();
  const before = process.cpuUsage();
  const run = executor.start({ name: 'storm', nodes: [{ id: 'begin', action: 'noop' }] });
  const { success, error } = await run.report;
  const { user, system } = process.cpuUsage(before);
  if (!success || run.snapshot.counts.succeeded !== SIZE + 1)
    throw new Error(error ?? `${run.snapshot.counts.succeeded} nodes ran`);
  return (user + system) / SIZE;
};
const storms = {};
for (const atOnce of [1, 10, 100, 1_000]) {
  const times = [];
  for (let i = 0; i < ROUNDS.warmUp + ROUNDS.rounds; i++) times.push(await storm(atOnce));
  storms[atOnce] = median(times.slice(ROUNDS.warmUp));
}
console.log(JSON.stringify({ nodes: SIZE, watched, storms }));
