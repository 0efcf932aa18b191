import type * as t from 'io-ts';
import { DagError } from '../define/DagError.js';
import { errorText } from '../model/explain.js';

/** Gives an option back, or throws a `DagError` that names it and says what was expected. */
export const checkOption = <A>(hook: string, option: string, codec: t.Type<A, any, unknown>, value: A): A => {
  const decoded = codec.decode(value);
  if (decoded._tag === 'Right') return value;
  throw new DagError('InvalidOptions', `${hook}: the option "${option}" is not right: ${errorText(decoded.left[0]!)}.`);
};
