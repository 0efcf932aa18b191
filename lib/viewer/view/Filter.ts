import { CACHED, FAILED, SUCCEEDED, TIMED_OUT, looks } from '../theme/looks.js';

/** What a filter asks of one node. */
export interface Candidate {
  readonly id: string;
  readonly action: string;
  readonly branch: string | undefined;
  readonly look: number;
  /** What its attempts took so far, milliseconds. */
  readonly ms: number;
  /** Whether it is near the selected node. */
  isNear(hops: number): boolean;
}

type Test = (node: Candidate) => boolean;

/** A filter that was understood, or why it was not. */
export interface Filter {
  readonly test: Test | undefined;
  readonly error: string | undefined;
  /** How far from the selected node it looks; 0 where it does not. */
  readonly hops: number;
}

const WORD = /(-?)(?:(\w+):)?("[^"]*"|\/(?:\\.|[^/\\])+\/|\S+)/gu;
const DURATION = /^dur([<>])(\d+(?:\.\d+)?)(ms|s|m|h)?$/u;
const DURATION_MEANT = /^dur[<>=]/u;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);
const MEANT_MAX = 500;

/**
 * Reads a filter: words that must all hold, each may be negated by a `-` before it. `state:failed,running`, `action:load`,
 * `branch:x`, `dur>1.5s`, `near:2` (edges from the selected node), `/regular expression/`; any other word is a part of an id, as is
 * all that stands in "quotes".
 */
export const readFilter = (text: string): Filter => {
  const tests: Test[] = [];
  let hops = 0;
  for (const [, minus, key, raw] of text.slice(0, MEANT_MAX).matchAll(WORD)) {
    const isQuoted = raw!.startsWith('"');
    const word = isQuoted ? raw!.replaceAll('"', '') : raw!;
    const made = key === undefined && isQuoted ? idTest(word) : testOf(key, word);
    if (typeof made === 'string') return { test: undefined, error: made, hops: 0 };
    if (key === 'near') hops = Number(word);
    tests.push(minus === '-' ? (node) => !made(node) : made);
  }
  return {
    test: tests.length === 0 ? undefined : (node) => tests.every((test) => test(node)),
    error: undefined,
    hops,
  };
};

const testOf = (key: string | undefined, word: string): Test | string => {
  switch (key) {
    case undefined:
      return textTest(word);
    case 'state':
      return stateTest(word);
    case 'action':
      return ({ action }) => has(action, word);
    case 'branch':
      return ({ branch }) => branch !== undefined && has(branch, word);
    case 'id':
      return idTest(word);
    case 'near': {
      const hops = Number(word);
      if (!Number.isInteger(hops) || hops < 1 || hops > 100)
        return `near: takes a whole number from 1 to 100, not ${word}`;
      return (node) => node.isNear(hops);
    }
    default:
      return `There is no filter ${key}:; there are state:, action:, branch:, id:, near:. For ids that contain a colon, write "${key}:${word}" in quotes.`;
  }
};

const textTest = (word: string): Test | string => {
  const duration = DURATION.exec(word);
  if (duration !== null) {
    const ms = Number(duration[2]) * UNITS.get(duration[3] ?? 'ms')!;
    return duration[1] === '>' ? (node) => node.ms > ms : (node) => node.ms < ms;
  }
  if (DURATION_MEANT.test(word))
    return `${word} is no duration; write dur>1.5s or dur<200ms, with ms, s, m or h. For ids that contain it, write "${word}" in quotes.`;
  if (word.length > 2 && word.startsWith('/') && word.endsWith('/'))
    try {
      const expression = new RegExp(word.slice(1, -1), 'iu');
      return ({ id }) => expression.test(id);
    } catch (error) {
      return (error as Error).message;
    }
  return idTest(word);
};

const idTest =
  (word: string): Test =>
  ({ id }) =>
    has(id, word);

const stateTest = (word: string): Test | string => {
  const wanted = new Set<number>();
  for (const name of word.toLowerCase().split(',')) {
    const look = looks.findIndex((known) => known.name === name || known.label === name);
    if (look === FAILED) wanted.add(TIMED_OUT);
    if (look === SUCCEEDED) wanted.add(CACHED);
    if (look >= 0) wanted.add(look);
    else return `There is no state "${name}"; there are ${looks.map(({ name: known }) => known).join(', ')}.`;
  }
  return ({ look }) => wanted.has(look);
};

const has = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());
