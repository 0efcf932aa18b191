import { Work, checksumOf } from './work.mjs';
import { engines } from './engines.mjs';

/** A graph put down for an engine, and how often it may be run. */
export const ready = async (engine, nodes, options) => {
  const work = new Work(nodes);
  const run = await engines[engine](nodes, work, options);
  const wanted = checksumOf(nodes);
  return {
    /** Runs it once; gives its CPU time in microseconds per node. Throws for a run in which not every node ran in order. */
    cpu: async () => {
      globalThis.gc?.();
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      if (work.take() !== wanted) throw new Error(`${engine} did not run every node once, after those it waits for`);
      return (user + system) / nodes.length;
    },
  };
};

export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/**
 * Runs several engines in turn, so that they share what happens to the machine: some rounds to warm up, and those that
 * count. Gives the median of each, in microseconds of CPU per node.
 */
export const inTurn = async (subjects, { warmUp, rounds }) => {
  const times = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round < warmUp + rounds; round++)
    for (const [name, { cpu }] of Object.entries(subjects)) {
      const time = await cpu();
      if (round >= warmUp) times[name].push(time);
    }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
};
