import { isMap, isScalar, type Node } from 'yaml';
import { didYouMean } from '../../model/nearest.js';
import type { RetryStrategy } from '../../model/RetryStrategy.js';
import { Duration, numberFrom } from '../../model/strict.js';
import { pairsOf, readFields, type Field } from './collections.js';
import { at, expected, type Form, type Place } from './Form.js';
import type { FileNotes } from './FileNotes.js';
import { numberOf, seconds } from './scalars.js';
import { sourceOf } from './sourceOf.js';

const delay = seconds(Duration, ' from 0');
const cases: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  Immediate: {},
  Linear: { delay_secs: { form: delay, isRequired: true } },
  Exponential: {
    initial_delay_secs: { form: delay, isRequired: true },
    max_delay_secs: { form: delay, isRequired: true },
    multiplier: { form: numberOf(numberFrom(1, false, 1_000_000)), isRequired: true },
    jitter: { form: numberOf(numberFrom(0, false, 1)) },
  },
};
const what = 'Immediate, Linear: {delay_secs} or Exponential: {initial_delay_secs, max_delay_secs, multiplier}';

/** The tags under which a strategy may stand: `!Linear {delay_secs: 1}`, as serde_yaml 0.9 writes it. */
export const retryTags: readonly string[] = Object.keys(cases).map((name) => `!${name}`);

/** A retry strategy, as a word, as a map with one key, or under a tag. */
export const retryForm: Form<RetryStrategy> = {
  name: what,
  read: (node, notes, place) => {
    if (node.tag?.startsWith('!') === true) return readCase(node.tag.slice(1), node, notes, place);
    if (isScalar(node)) return readCase(sourceOf(node), undefined, notes, place, node);
    if (!isMap(node) || node.items.length !== 1) return expected(what, node, notes, place);
    const [[name, value, keyNode]] = [...pairsOf(node)] as [[string, Node, Node]];
    return readCase(name, value, notes, place, keyNode);
  },
  write: (strategy) => {
    switch (strategy.type) {
      case 'Immediate':
        return 'Immediate';
      case 'Linear':
        return { Linear: { delay_secs: delay.write(strategy.delayMs) } };
      case 'Exponential':
        return {
          Exponential: {
            initial_delay_secs: delay.write(strategy.initialDelayMs),
            max_delay_secs: delay.write(strategy.maxDelayMs),
            multiplier: strategy.multiplier,
            ...(strategy.jitter === undefined ? {} : { jitter: strategy.jitter }),
          },
        };
    }
  },
};

const readCase = (
  name: string,
  fieldsNode: Node | undefined,
  notes: FileNotes,
  place: Place,
  nameNode: Node | undefined = fieldsNode,
): RetryStrategy | undefined => {
  if (!Object.hasOwn(cases, name)) {
    const message = (): string =>
      `${at(place)}: there is no retry strategy "${name.slice(0, 100)}"${didYouMean(name, Object.keys(cases)) || `; write ${what}.`}`;
    notes.error('Malformed', message, nameNode!, place.node);
    return undefined;
  }
  if (name === 'Immediate') return { type: 'Immediate' };
  if (fieldsNode === undefined) return expected(what, nameNode!, notes, place);
  const before = notes.errorCount;
  const found: Record<string, any> | undefined = readFields(cases[name]!, `a map, as in ${what}`, fieldsNode, notes, {
    ...place,
    key: `${place.key}.${name}`,
  });
  if (found === undefined || notes.errorCount > before) return undefined;
  if (name === 'Linear') return { type: 'Linear', delayMs: found['delay_secs'] };
  return {
    type: 'Exponential',
    initialDelayMs: found['initial_delay_secs'],
    maxDelayMs: found['max_delay_secs'],
    multiplier: found['multiplier'],
    ...('jitter' in found ? { jitter: found['jitter'] } : {}),
  };
};
