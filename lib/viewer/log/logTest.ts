import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import { eventSentence } from './eventSentence.js';
import { eventWord } from './eventWord.js';

/** What is read of a log to test an event. */
export interface TestedLog {
  at(seq: number): ExecutionEvent;
  typeAt(seq: number): string;
  nodeAt(seq: number): number;
}

/** Words that each must be found in an event's type, node or sentence; those after a `-` must not. */
interface Word {
  readonly text: string;
  readonly isNot: boolean;
  readonly types: Map<string, boolean>;
  readonly nodes: Map<number, boolean>;
}

/**
 * A test by what a user has written, such as `failed load -retry`, and by one node; undefined where all events pass. An
 * event is read as a whole only where its type and node do not decide.
 */
export const logTest = (
  text: string,
  onlyNode: number | undefined,
  log: TestedLog,
  idOf: (node: number) => string,
): ((seq: number) => boolean) | undefined => {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .map((word) => ({ text: word.replace(/^-/, ''), isNot: word.startsWith('-'), types: new Map(), nodes: new Map() }))
    .filter((word): word is Word => word.text !== '');
  if (words.length === 0 && onlyNode === undefined) return undefined;
  return (seq) => {
    if (onlyNode !== undefined && log.nodeAt(seq) !== onlyNode) return false;
    if (words.length === 0) return true;
    const type = log.typeAt(seq);
    const { word: name, tells } = eventWord(type);
    let all: string | undefined;
    for (const word of words) {
      const isIn =
        kept(word.types, type, () => `${name} ${type}`.toLowerCase().includes(word.text)) ||
        (tells === true
          ? (all ??= allText(log.at(seq))).includes(word.text)
          : kept(word.nodes, log.nodeAt(seq), (node) => node >= 0 && idOf(node).toLowerCase().includes(word.text)));
      if (isIn === word.isNot) return false;
    }
    return true;
  };
};

/** All that a row says, its node included. */
const allText = (event: ExecutionEvent): string => {
  const id = 'nodeId' in event ? event.nodeId : event.type === 'NodeAdded' ? event.node.id : '';
  return `${id} ${eventSentence(event)}`.toLowerCase();
};

const kept = <K>(answers: Map<K, boolean>, key: K, ask: (key: K) => boolean): boolean => {
  let answer = answers.get(key);
  if (answer === undefined) {
    answer = ask(key);
    answers.set(key, answer);
  }
  return answer;
};
