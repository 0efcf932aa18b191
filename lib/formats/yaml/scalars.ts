import { isScalar, type Node, type Scalar } from 'yaml';
import type * as t from 'io-ts';
import { didYouMean } from '../../model/nearest.js';
import { DURATION_MS_MAX, numberName } from '../../model/strict.js';
import { expected, type Form } from './Form.js';
import { sourceOf } from './sourceOf.js';

/** A text: any scalar, as it was written (`1.0` is "1.0", `true` is "true"). */
export const text: Form<string> = {
  name: 'a text',
  read: (node, notes, place) => (isScalar(node) ? sourceOf(node) : expected('a text', node, notes, place)),
  write: (value) => value,
};

export const flag: Form<boolean> = {
  name: 'true or false',
  read: (node, notes, place) =>
    isScalar(node) && typeof node.value === 'boolean' ? node.value : expected('true or false', node, notes, place),
  write: (value) => value,
};

/** A number that `codec` takes; its name says which those are. */
export const numberOf = (codec: t.Type<number, number, unknown>): Form<number> => ({
  name: codec.name,
  read: (node, notes, place) =>
    isScalar(node) && codec.is(node.value)
      ? node.value
      : expected(numberName(codec.name, isScalar(node) ? node.value : undefined), node, notes, place),
  write: (value) => value,
});

/** One of some words, each with what it stands for; several words may stand for one thing, the first is written. */
export const choice = <A>(
  words: Readonly<Record<string, A>>,
  name: string = Object.keys(words)
    .filter((word, i, all) => all.findIndex((other) => words[other] === words[word]) === i)
    .join(' or '),
): Form<A> => ({
  name,
  read: (node, notes, place) => {
    const word = isScalar(node) ? sourceOf(node) : undefined;
    if (word !== undefined && Object.hasOwn(words, word)) return words[word];
    return expected(name, node, notes, place, () => (word === undefined ? '' : didYouMean(word, Object.keys(words))));
  },
  write: (value) => Object.keys(words).find((word) => words[word] === value),
});

/**
 * A duration: seconds in the file, milliseconds here, digit by digit, so that `0.1` is 100. `codec` tells which
 * milliseconds are taken, up to those of one timer.
 */
export const seconds = (codec: t.Type<number, number, unknown>, from: ' above 0 up' | ' from 0'): Form<number> => {
  const name = `a number of seconds${from} to ${DURATION_MS_MAX / 1_000}`;
  return {
    name,
    read: (node, notes, place) => {
      const ms = isScalar(node) && typeof node.value === 'number' ? shifted(node, 3) : undefined;
      return codec.is(ms) ? ms : expected(name, node, notes, place);
    },
    write: (ms) => new Seconds(ms),
  };
};

const PLAIN_DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e([-+]?\d+))?$/i;

/** A number times a power of ten, by its digits where it is written in decimal ones. */
const shifted = ({ source = '', value }: Scalar, places: number): number => {
  const match = PLAIN_DECIMAL.exec(source);
  if (match === null) return Number(value) * 10 ** places;
  return Number(`${source.replace(/e.*$/i, '')}e${Number(match[1] ?? 0) + places}`);
};

/** Milliseconds as the digits of a number of seconds that give the same milliseconds again. */
export class Seconds {
  readonly digits: string;
  constructor(ms: number) {
    const plain = String(ms / 1_000);
    const [digits = '0', exponent = '0'] = String(ms).split('e');
    this.digits = !plain.includes('e') && Number(`${plain}e3`) === ms ? plain : `${digits}e${Number(exponent) - 3}`;
  }
}

/** Tells a scalar without anything: `key:`. */
export const isNothing = (node: Node): boolean => isScalar(node) && node.value === null && sourceOf(node) === '';
