import { show } from '../model/explain.js';

export const ID_LENGTH_MAX = 1_000;

/** Why a text cannot be a node's id, in one sentence; undefined if it can. */
export const checkId = (id: string): string | undefined => {
  const flaw = id === 'inputs' ? "is reserved for the run's inputs; rename the node" : flawOf(id);
  return flaw && `The id ${show(id)} ${flaw}.`;
};

/** What is wrong with a text that is to name something. */
export const flawOf = (text: string): string | undefined => {
  if (text === '') return 'is empty; write 1 to 1,000 characters';
  if (text.length > ID_LENGTH_MAX) return `has ${text.length} characters; write at most 1,000`;
  // With the u flag a surrogate matches only where its other half is missing.
  const odd = /[\0\ud800-\udfff]/u.exec(text);
  return odd === null
    ? undefined
    : odd[0] === '\0'
      ? 'holds a NUL character; leave it out'
      : 'holds half of a surrogate pair; write well-formed Unicode';
};

/** A node under which ids are reserved: for the items of its fan-out, its sub-DAG's nodes, or its failure action. */
export interface ExpansionBase {
  readonly base: string;
  readonly kind: 'items' | 'dag' | 'failure';
}

/** Every node under which an id would be reserved: `a/b/c` under `a` and `a/b`, `x[3]` and `x.failure` under `x`. */
export const expansionBases = (id: string): readonly ExpansionBase[] => {
  const bases: ExpansionBase[] = [];
  for (const match of id.matchAll(/\/|\[\d+\](?=$|\/|\.failure)|\.failure(?=$|\/)/g)) {
    const kind = match[0] === '/' ? 'dag' : match[0] === '.failure' ? 'failure' : 'items';
    if (match.index > 0) bases.push({ base: id.slice(0, match.index), kind });
  }
  return bases;
};

/** The actions that are known without being registered. */
export const builtIn: readonly string[] = ['human.input', 'dag'];
