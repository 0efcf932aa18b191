import { shellWord } from '../formats/shellWord.js';
import type { RunSummary } from '../index.js';

/** Why a stored run takes no commands here, and what helps. */
export const refusalOf = ({ runId, endedAt, owner }: RunSummary): string => {
  if (endedAt !== undefined) return 'This run has ended, so it takes no commands.';
  if (owner !== undefined)
    return `This run goes on in another process${owner.pid === undefined ? '' : ` (${owner.pid})`}, so it takes no commands here.`;
  const id = shellWord(runId);
  return (
    `No process goes on with this run, so it takes no commands. \`rxdag resume ${id} --db FILE\` goes on with it; ` +
    `where a node waits for a person, \`rxdag answer ${id} NODE VALUE --db FILE\` answers it.`
  );
};
