import type { NodeEnd, RunDiff } from '../../index.js';
import type { Json } from '../../model/Json.js';

/** How a node ended in one of two runs. */
export interface NodeOutcome {
  readonly status: string;
  readonly attempts: number;
  /** Its error or its output, cut to what differs. */
  readonly text: string;
}

/** In what two runs differ. */
export interface RunDifference {
  /** The first event that tells of something else, by its place in both logs; undefined where none does. */
  readonly firstSeq: number | undefined;
  /** All nodes that ended differently: first those that ended in another status. */
  readonly differing: readonly string[];
  /** How the first of them ended in each run; a side is undefined where the node does not exist. */
  readonly nodes?: readonly {
    readonly id: string;
    readonly here: NodeOutcome | undefined;
    readonly there: NodeOutcome | undefined;
  }[];
}

/** So many nodes are told in detail. */
const DETAILS = 200;
const TEXT = 160;
/** How much is told before the place where two texts part. */
const BEFORE = 24;

/** What is shown of a comparison: of bounded length, but for the ids. */
export const differenceOf = ({ firstDivergingSeq, nodes }: RunDiff): RunDifference => {
  const isOther = ({ a, b }: RunDiff['nodes'][number]): boolean => a?.status !== b?.status;
  const sorted = [...nodes.filter(isOther), ...nodes.filter((node) => !isOther(node))];
  return {
    firstSeq: firstDivergingSeq,
    differing: sorted.map(({ nodeId }) => nodeId),
    nodes: sorted.slice(0, DETAILS).map(({ nodeId, a, b }) => {
      const texts = apart(a, b);
      return { id: nodeId, here: outcomeOf(a, texts[0]), there: outcomeOf(b, texts[1]) };
    }),
  };
};

const outcomeOf = (end: NodeEnd | undefined, text: string): NodeOutcome | undefined =>
  end && { status: end.status, attempts: end.attempts, text };

/** What two nodes came to, each from where they part. */
const apart = (a: NodeEnd | undefined, b: NodeEnd | undefined): readonly [string, string] => {
  const [left, right] = [textOf(a), textOf(b)];
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  const from = at > TEXT - BEFORE ? at - BEFORE : 0;
  return [cut(left, from), cut(right, from)];
};

const cut = (text: string, from: number): string =>
  (from > 0 && text !== '' ? '…' : '') + text.slice(from, from + TEXT) + (text.length > from + TEXT ? '…' : '');

const textOf = (end: NodeEnd | undefined): string => {
  if (end?.error === undefined) return valueText(end?.output);
  const { name, message } = end.error;
  return name === 'Error' ? message : `${name}: ${message}`;
};

const valueText = (output: Json | undefined): string =>
  output === undefined || output === null ? '' : typeof output === 'string' ? output : JSON.stringify(output);
