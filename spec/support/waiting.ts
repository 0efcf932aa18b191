import type { Lab, Nodes, Plot, Trial } from './executor.js';

/** A run in which everything below the slow node `gate` is yet to come. */
export const waiting = async (lab: Lab, nodes: Nodes, plot: Plot = {}): Promise<Trial> => {
  const trial = lab.start(['gate', ...nodes], {
    config: { maxParallelNodes: 99 },
    ...plot,
    does: { gate: 10, ...plot.does },
  });
  await trial.pass(1);
  return trial;
};
