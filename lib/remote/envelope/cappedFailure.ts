import type { Failure } from '../../model/Failure.js';
import { isLonger } from '../../model/Json.js';

/** So many characters of an error's texts, its causes' included, and of its data go into a result. */
export const FAILURE_TEXT_MAX = 16_384;
const CAUSES_MAX = 8;

/** An error cut to what a result carries: the texts of the outermost first, data whole or not at all. */
export const cappedFailure = (failure: Failure): Failure => {
  let left = FAILURE_TEXT_MAX;
  const cut = (text: string): string => {
    const kept = text.slice(0, left);
    left -= kept.length;
    return kept;
  };
  const chain: Failure[] = [];
  for (let one: Failure | undefined = failure; one !== undefined && chain.length <= CAUSES_MAX; one = one.cause)
    if (chain.length > 0 && left === 0) break;
    else
      chain.push({
        name: cut(one.name.slice(0, 200)),
        message: cut(one.message),
        ...(one.stack === undefined ? {} : { stack: cut(one.stack) }),
        ...(one.data === undefined || isLonger(one.data, FAILURE_TEXT_MAX) ? {} : { data: one.data }),
      });
  return chain.reduceRight((cause, one) => ({ ...one, cause }));
};
