import { shown } from '../dom/shown.js';
import type { RunView } from '../view/RunView.js';

/** What is wrong with the connection and what to do about it; undefined where nothing is. */
export const troubleOf = ({ connection: { state, text } }: RunView): string | undefined => {
  const told = text === undefined ? '' : ` (${shown(text, 200).replace(/[.\s]+$/u, '')})`;
  if (state === 'retrying')
    return `The connection is lost${told}. What you see is as it was then; it goes on by itself once the server answers again. If it does not, check that the server still runs, and load the page anew.`;
  return text === undefined ? undefined : shown(text, 300);
};
