/** A task may be longer and odder than a name; the node gets it whole. */
export const agentName = (task: string): string =>
  task
    .slice(0, 200)
    .replaceAll(/[\0\p{Cs}]/gu, ' ')
    .trim() || 'agent';

/** An id that no other run is likely to have. */
export const newRunId = (random: () => number): string => {
  let id = '';
  while (id.length < 20) id += Math.floor(random() * 2 ** 30).toString(36);
  return `run-${id.slice(0, 20)}`;
};
