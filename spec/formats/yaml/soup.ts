import { parse } from 'yaml';
import { toYaml } from '../../../lib/formats/yaml/index.js';
import { random, type Random } from '../../../lib/testing/random.js';
import { hash } from '../../support/Case.js';
import { randomCase } from '../../support/randomGraph.js';
import { daggerFile, daggerFiles } from './fixtures.js';

/** Words, signs and spaces of YAML, and what has hurt its readers before. */
const pieces: readonly string[] = [
  ['[', ']', '{', '}', ',', ':', ': ', '? ', '- ', '-', '\n', '\n', '\n  ', '\n    ', '\n      ', '\t', ' ', '  '],
  [
    'a',
    'a: ',
    '"',
    "'",
    '"x"',
    "'y'",
    '|',
    '>',
    '|\n',
    '>-\n  x',
    '|2+\n',
    '#',
    ' # c',
    '\\',
    '@',
    '`',
    '%',
    '!',
    '&',
    '*',
  ],
  [
    '&a ',
    '*a',
    '*a ',
    '!t ',
    '!Linear ',
    '!!str ',
    '!<x> ',
    '---',
    '\n---\n',
    '...',
    '\n...\n',
    '\n%YAML 1.1\n',
    '%TAG ! x\n',
    '<<: ',
  ],
  [
    '\r',
    '\r\n',
    '\u0000',
    '\u001f',
    '\u0002',
    '\u0018',
    '\ufeff',
    '\u001b[31m',
    '\u009b',
    '\u0085',
    '\u2028',
    '\u202e',
    '😀',
    '\ud800',
    '漢',
  ],
  ['1', '1.5', '-1', '.nan', '.inf', '1e999', '9007199254740993', '~', 'null', 'true', 'no', '""', "''"],
  [
    'name: ',
    'nodes:\n',
    '- id: a\n  action: b\n',
    'inputs: ',
    'value: ',
    'reference: ',
    '[a]: ',
    '{}: ',
    '| [',
    '> {',
    'retry: ',
    'config:\n',
    'pools: ',
  ],
  [
    '__proto__',
    'constructor',
    '__proto__: ',
    '{"$ref": "a.x"}',
    '$literal: ',
    '[[[[[[[[[[[[',
    '{a: {a: {a: ',
    '- - - - - - - ',
    '? ? ? ? ',
    ': : : : ',
  ],
].flat();

const some = (r: Random, count: number): string => Array.from({ length: count }, () => r.pick(pieces)).join('');

/** Pieces in any order, often again and again. */
const soup = (r: Random): string => {
  let text = r.chance(0.3) ? 'name: f\nnodes: []\nx: ' : '';
  for (let parts = r.int(1, 4); parts > 0; parts--)
    text += r.chance(0.4) ? some(r, r.int(1, 4)).repeat(r.int(1, 300)) : some(r, r.int(1, 40));
  return text;
};

const sound = (r: Random): string => {
  const how = r();
  if (how < 0.3) return daggerFile(r.pick(daggerFiles));
  const { graph, config } = randomCase(r.int(1, 1e9), { size: r.int(1, 6) });
  const text = toYaml(r.chance(0.5) ? { ...graph, config } : graph);
  return how < 0.6 ? text : how < 0.7 ? text.replaceAll('\n', '\r\n') : asJson(text, r);
};

/** The same as a flow, which holds everything that JSON can. */
const asJson = (text: string, r: Random): string => JSON.stringify(parse(text), null, r.pick([0, 1, 2]));

/** One small change. */
const mutated = (r: Random, text: string): string => {
  const at = r.int(0, text.length);
  const end = Math.min(text.length, at + r.int(1, 12));
  const lines = text.split('\n');
  const line = r.int(0, lines.length - 1);
  switch (r.int(0, 9)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, at) + r.pick(pieces) + text.slice(at);
    case 2:
      return text.slice(0, at) + r.pick(pieces) + text.slice(end);
    case 3:
      return text.slice(0, at) + text.slice(at, end).repeat(r.int(2, 40)) + text.slice(end);
    case 4:
      return lines.toSpliced(line, 1).join('\n');
    case 5:
      return lines.toSpliced(line, 0, r.pick(lines)).join('\n');
    case 6:
      return lines.with(line, ' '.repeat(r.int(0, 6)) + lines[line]!.trimStart()).join('\n');
    case 7:
      return text.slice(0, at);
    case 8:
      return lines.with(line, lines[line]! + some(r, r.int(1, 3))).join('\n');
    default:
      return text.slice(0, at) + String.fromCharCode(r.int(0, 0x100)) + text.slice(at + 1);
  }
};

/** One of endlessly many texts, at most 4 KB: the same for the same seed. A third are soup, the others nearly sound. */
export const soupOf = (seed: number, nth: number): string => {
  const r = random(hash(seed, String(nth)));
  if (r.chance(0.35)) return soup(r).slice(0, 4_096);
  let text = sound(r);
  for (let changes = r.int(0, 3); changes > 0; changes--) text = mutated(r, text);
  return text.slice(0, 4_096);
};
