import type { FileError, FromYamlOptions } from '../../../lib/formats/yaml/index.js';

/** A file of somebody who means no good, or of somebody with odd taste. */
export interface Hostile {
  readonly name: string;
  readonly text: () => string;
  /** 'taken', or the type of one of its errors; 'either' where it does not matter. */
  readonly answer: 'taken' | 'either' | FileError['type'];
  readonly options?: FromYamlOptions;
  /** Milliseconds of CPU, where the file is large. @default 50 */
  readonly maxMs?: number;
}

const times = (count: number, text: string | ((i: number) => string)): string =>
  Array.from({ length: count }, (_, i) => (typeof text === 'string' ? text : text(i))).join('');

/** A sound pipeline with more in it, under a key that is not known. */
const withMore = (more: string): string => `name: f\nnodes: []\nx: ${more}\n`;

/** How lists and maps can lie in each other: each gives a file that is `depth` levels deep in all. */
export const shapes: Readonly<Record<string, { readonly text: (depth: number) => string; readonly isSound?: true }>> = {
  'flow lists': { text: (n) => withMore('['.repeat(n - 1) + ']'.repeat(n - 1)), isSound: true },
  'flow lists over lines': { text: (n) => withMore(times(n - 1, '[\n ') + times(n - 1, ']\n ')), isSound: true },
  'flow maps': { text: (n) => withMore(`${'{a: '.repeat(n - 1)}1${'}'.repeat(n - 1)}`), isSound: true },
  'flow maps as JSON': {
    text: (n) => `{"name": "f", "nodes": [], "x": ${'{"a":'.repeat(n - 1)}1${'}'.repeat(n - 1)}}`,
    isSound: true,
  },
  'flow maps and lists': {
    text: (n) => withMore(times(n - 1, (i) => '[{'[i % 2]! + ('a: '.repeat(i % 2) || ' ')) + times(n - 1, (i) => ']}'[(n - i) % 2]!)), // prettier-ignore
    isSound: true,
  },
  'block lists on a line': { text: (n) => withMore(`\n  ${'- '.repeat(n - 1)}1`), isSound: true },
  'block lists on lines': { text: (n) => withMore(times(n - 1, (i) => `\n${' '.repeat(i + 1)}-`)), isSound: true },
  'block lists with tabs behind': {
    text: (n) => withMore(times(n - 1, (i) => `\n${' '.repeat(i + 1)}-\t# x`)),
    isSound: true,
  },
  'block maps': { text: (n) => withMore(times(n - 1, (i) => `\n${' '.repeat(i + 1)}a:`)), isSound: true },
  'block maps with quotes': {
    text: (n) => withMore(times(n - 1, (i) => `\n${' '.repeat(i + 1)}"a" :`)),
    isSound: true,
  },
  'lists in the column of their key': {
    text: (n) => withMore(times(n - 1, (i) => `\n${' '.repeat(2 * (i >> 1))}${i % 2 === 0 ? '-' : '  a:'}`)),
    isSound: true,
  },
  'maps in lists on a line': {
    text: (n) => withMore(times((n - 1) >> 1, (i) => `\n${' '.repeat(2 * i + 1)}- a:`) + (n % 2 === 0 ? ' []' : '')),
    isSound: true,
  },
  'flow in block': {
    text: (n) => withMore(`\n  ${'- '.repeat(20)}${'['.repeat(n - 21)}${']'.repeat(n - 21)}`),
    isSound: true,
  },
  'block with text between': {
    text: (n) => withMore(times(n - 1, (i) => `\n${' '.repeat(i + 1)}b: "[[["\n${' '.repeat(i + 1)}a:`)),
    isSound: true,
  },
  'explicit keys on a line': { text: (n) => withMore(`\n  ${'? '.repeat(n - 1)}a`) },
  'explicit keys on lines': { text: (n) => withMore(times(n - 1, (i) => `\n${' '.repeat(i + 1)}?`)) },
  'explicit keys in flow': { text: (n) => withMore('[? '.repeat(n - 1)) },
  'explicit keys and lists': { text: (n) => withMore(`\n  ${times(n - 1, (i) => (i % 2 === 0 ? '? ' : '- '))}a`) },
  'values without keys on a line': { text: (n) => withMore(`\n  ${': '.repeat(n - 1)}a`) },
  'values without keys on lines': { text: (n) => withMore(times(n - 1, (i) => `\n${' '.repeat(i + 1)}:`)) },
  'flow keys': { text: (n) => withMore(times(n - 1, (i) => `\n${' '.repeat(i + 1)}[] :`)) },
  'aliases as keys': { text: (n) => withMore(times(n - 1, (i) => `\n${' '.repeat(i + 1)}*a :`)) },
  'tags before each': { text: (n) => withMore('!t [ '.repeat(n - 1)) },
  'anchors before each': { text: (n) => withMore(`\n  ${times(n - 1, (i) => `\n${' '.repeat(i + 1)}- &a`)}`) },
  'block behind a flow list that does not end': { text: (n) => `x: [\ny:\n  ${'- '.repeat(n - 1)}a` },
  'values behind a flow list that does not end': { text: (n) => `x: [\ny:\n  ${': '.repeat(n - 1)}a` },
  'block behind a block header with more': { text: (n) => `x: | [\n  text\ny:\n  ${'- '.repeat(n - 1)}a` },
  'a list behind its key on a line': { text: (n) => withMore(`${'a: '.repeat(n - 1)}1`) },
  'a second document': { text: (n) => `a: 1\n---\n${'- '.repeat(n)}a\n---\n` },
  'a document behind an end marker': { text: (n) => `a: 1\n...\n${'['.repeat(n)}` },
  'a document behind directives': { text: (n) => `%TAG ! tag:x,\n%YAML 1.1\n---\n${'['.repeat(n)}` },
};

const brackets = '['.repeat(300) + '{'.repeat(300);
const dashes = '- '.repeat(300);

/** Text that looks deep and is not. */
const looksDeep: Readonly<Record<string, string>> = {
  'double quotes': withMore(`"${brackets} ${dashes}"`),
  'single quotes': withMore(`'${brackets} ${dashes}'`),
  'double quotes over lines': withMore(`"${`${brackets}\n  ${dashes}\n  `.repeat(3)}"`),
  'quotes in flow': withMore(`["${brackets}", '${dashes}', {"${brackets.slice(0, 900)}": 1}]`),
  'a plain text': withMore(`a${brackets}`),
  'a plain text over lines': withMore(`a\n${times(40, (i) => `${' '.repeat(i + 1)}- ? ${brackets.slice(0, 20)}\n`)}`),
  'a literal block': withMore(`|\n${times(80, (i) => `  ${' '.repeat(i)}- [{? a:\n`)}`),
  'a folded block': withMore(`>2-\n${times(80, (i) => `  ${' '.repeat(i)}- [{? a:\n`)}`),
  'a block in a list': withMore(`\n- |\n  ${brackets}\n- >\n  ${dashes}`),
  comments: withMore(`1 # ${brackets}\n${times(80, (i) => `${' '.repeat(i)}# - [{\n`)}y: 1 #[`),
  'a key in quotes': `name: f\nnodes: []\n"${brackets}": 1\n`,
  'many siblings': withMore(`[${'[], {}, '.repeat(300)}]`),
  'many siblings in block': withMore(`\n${'  - - 1\n    - a: 1\n'.repeat(100)}`),
  'going in and out': withMore(times(20, () => `\n  - a:\n      b:\n        c:\n          - d`)),
  'many texts in a list on a line': withMore(`["${'", "'.repeat(300)}"]`),
  'an end of flow in block text': withMore('a]]]]]]}}}}'),
  'signs that the lexer uses itself': withMore(`\u001f\ny: \u0002\nz: \u0018\nw: "\u001f[[["\nv: a\u001f [ b`),
};

const laughs = `a: &a [x, x]\n${times(9, (i) => `${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${times(9, `*${'abcdefghi'[i]}, `)}]\n`)}`;

/** A node with an input's value. */
const withValue = (value: string): string =>
  `name: f\nnodes: [{ id: a, action: b, inputs: [{ name: x, value: ${value} }] }]\n`;
const withNode = (keys: string): string => `name: f\nnodes: [{ action: b, ${keys} }]\n`;

const oddKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'then',
  'length',
];

const control = (code: number): string => String.fromCharCode(code).replace(/["'\\]/, '');

const small: readonly Hostile[] = [
  {
    name: 'two documents that once ended the process',
    text: () => `${'['.repeat(1_000)}${']'.repeat(1_000)}\n---\n`.repeat(2),
    answer: 'TooDeep',
  },
  ...Object.entries(shapes).flatMap(([name, { text }]): Hostile[] => [
    { name: `${name}, 1,000 deep`, text: () => text(1_000).slice(0, 6_000), answer: 'TooDeep' },
    { name: `${name}, 65 deep`, text: () => text(65), answer: 'TooDeep' },
  ]),
  ...Object.entries(shapes).flatMap(([name, { text, isSound }]): Hostile[] =>
    isSound === true ? [{ name: `${name}, 64 deep`, text: () => text(64), answer: 'taken' }] : [],
  ),
  ...Object.entries(looksDeep).map(([name, text]): Hostile => ({
    name: `brackets in ${name}`,
    text: () => text,
    answer: 'taken',
  })),

  // what makes little much, or code of data
  { name: 'a billion laughs', text: () => laughs, answer: 'AliasForbidden' },
  { name: 'an anchor', text: () => withMore('&a 1'), answer: 'AliasForbidden' },
  { name: 'an anchor on a map', text: () => withMore('&a\n  b: 1'), answer: 'AliasForbidden' },
  { name: 'an anchor on a key', text: () => withMore('\n  &a b: 1'), answer: 'AliasForbidden' },
  { name: 'an alias', text: () => withMore('*a'), answer: 'AliasForbidden' },
  { name: 'an alias as a key', text: () => withMore('\n  *a : 1'), answer: 'AliasForbidden' },
  { name: 'an anchor that holds itself', text: () => withMore('&a [*a]'), answer: 'AliasForbidden' },
  { name: 'a merge key', text: () => withMore('{ <<: { a: 1 } }'), answer: 'AliasForbidden' },
  { name: 'a merge key at the root', text: () => '<<: { name: f }\nnodes: []', answer: 'AliasForbidden' },
  { name: 'a merge key in quotes is a text', text: () => withValue('{ "<<": { a: 1 } }'), answer: 'taken' },
  ...[
    '!!js/function "return 1"',
    '!!js/regexp /a/',
    '!!js/undefined',
    '!!python/object:os.system x',
    '!!binary aGk=',
    '!!set { a }',
    '!!omap [a: 1]',
    '!!pairs [a: 1]',
    '!!timestamp 2001-12-14',
    '!!str 1',
    '!!int "1"',
    '!!map {}',
    '!!seq []',
    '! x',
    '!local x',
    '!<tag:x> y',
    '!<!x> y',
    '!Linera {}',
  ].map((tag): Hostile => ({ name: `the tag in ${tag}`, text: () => withMore(tag), answer: 'UnknownTag' })),
  { name: 'a tag with a handle', text: () => `%TAG !e! tag:e,2000:\n---\n${withMore('!e!x y')}`, answer: 'UnknownTag' },
  {
    name: 'a retry tag with a handle of its own',
    text: () => `%TAG ! tag:e,\n---\n${withNode('retry: !Immediate')}`,
    answer: 'UnknownTag',
  },
  { name: 'a tag without its handle', text: () => withMore('!e!x y'), answer: 'Syntax' },
  { name: 'YAML 1.1', text: () => `%YAML 1.1\n---\n${withMore('yes')}`, answer: 'Syntax' },
  { name: 'YAML 1.1 with a merge key', text: () => `%YAML 1.1\n---\na: &a {b: 1}\nc: {<<: *a}`, answer: 'Syntax' },
  { name: 'YAML 1.3', text: () => `%YAML 1.3\n---\n${withMore('yes')}`, answer: 'taken' },
  { name: 'a directive that is not known', text: () => `%FOO bar\n---\n${withMore('1')}`, answer: 'taken' },
  { name: 'directives without a document', text: () => '%YAML 1.2\n'.repeat(300), answer: 'Syntax' },

  // numbers
  ...[
    '.nan',
    '.inf',
    '-.INF',
    '1e999',
    '-1e999',
    '9007199254740993',
    '-9007199254740993',
    '0x20000000000001',
    `1${'0'.repeat(400)}`,
    `0x${'f'.repeat(300)}`,
  ].map((value): Hostile => ({
    name: `the value ${value.slice(0, 20)}`,
    text: () => withValue(value),
    answer: 'InvalidNumber',
  })),
  ...['NaN', 'Infinity', '1_000', '0b11', '1:30', '1e', '.', '+', '- 1'.slice(2) + '-', '1.2.3'].map(
    (value): Hostile => ({ name: `the text ${value}`, text: () => withValue(value), answer: 'taken' }),
  ),
  ...['.nan', '.inf', '1e999', '-1', '2147483.648', '1e-400', '"1"', '1s', 'true', '[]', '~'].map((value): Hostile => ({
    name: `the timeout ${value}`,
    text: () => withNode(`timeout: ${value}`),
    answer: 'InvalidNumber',
  })),
  ...['0', '-1', '1.5', '1e999', '.nan', '9007199254740992', '"3"'].map((value): Hostile => ({
    name: `the try_count ${value}`,
    text: () => withNode(`try_count: ${value}`),
    answer: 'InvalidNumber',
  })),

  // keys
  ...oddKeys.flatMap((key): Hostile[] => [
    { name: `${key} as a key of the file`, text: () => `${key}: { polluted: 1 }\nname: f\nnodes: []`, answer: 'taken' },
    {
      name: `${key} as a setting`,
      text: () => `name: f\nnodes: []\nconfig: { ${key}: { polluted: 1 } }`,
      answer: 'taken',
    },
    {
      name: `${key} as a pool`,
      text: () => `name: f\nnodes: [{ action: a, pool: ${key} }]\nconfig: { pools: { ${key}: 1 } }`,
      answer: 'taken',
    },
    { name: `${key} as a pool that is not there`, text: () => withNode(`pool: ${key}`), answer: 'UnknownPool' },
    {
      name: `${key} as a pool of the wrong type`,
      text: () => `name: f\nnodes: []\nconfig: { pools: { ${key}: x } }`,
      answer: 'InvalidNumber',
    },
    { name: `${key} as a key of a node`, text: () => withNode(`${key}: { polluted: 1 }`), answer: 'taken' },
    {
      name: `${key} as id, action and input`,
      text: () =>
        `name: ${key}\nnodes: [{ id: ${key}, action: ${key}, inputs: [{ name: ${key}, value: { ${key}: { polluted: 1 } }, description: ${key} }], branch: ${key} }, { id: b, action: a, dependencies: [${key}], when: ${key}.${key} }]`,
      answer: 'taken',
    },
    {
      name: `${key} as an input twice`,
      text: () => withNode(`inputs: [{ name: ${key}, value: 1 }, { name: ${key}, value: 2 }]`),
      answer: 'DuplicateKey',
    },
    { name: `${key} twice`, text: () => withMore(`{ ${key}: 1, ${key}: 2 }`), answer: 'DuplicateKey' },
    { name: `${key} as a retry strategy`, text: () => withNode(`retry: ${key}`), answer: 'Malformed' },
    {
      name: `${key} as a retry strategy with fields`,
      text: () => withNode(`retry: { ${key}: { delay_secs: 1 } }`),
      answer: 'Malformed',
    },
    {
      name: `${key} as a word`,
      text: () => withNode(`run_if: ${key}, on_failure: ${key}, cache: ${key}`),
      answer: 'Malformed',
    },
    {
      name: `${key} inside of a reference`,
      text: () => withNode(`when: { reference: { node: a, path: [${key}] }, ${key}: 1 }, id: b, dependencies: []`),
      answer: 'BadReference',
    },
  ]),
  { name: 'a key that is a list', text: () => withMore('{ ? [a] : 1 }'), answer: 'Syntax' },
  { name: 'a key that is a map', text: () => withMore('\n  ? { a: 1 }\n  : 1'), answer: 'Syntax' },
  { name: 'a retry key that is a list', text: () => withNode('retry: { ? [a] : 1 }'), answer: 'Syntax' },
  { name: 'a retry key that is nothing', text: () => withNode('retry: { ? : 1 }'), answer: 'Malformed' },
  { name: 'a key that is nothing', text: () => withMore('\n  : 1'), answer: 'taken' },
  { name: 'nothing but a key that is nothing', text: () => '?', answer: 'Malformed' },
  { name: 'nothing but a colon', text: () => ':', answer: 'Malformed' },
  {
    name: 'keys that are null, nothing and a tilde',
    text: () => withMore('{ null: 1, ~: 2, "": 3, ? : 4 }'),
    answer: 'DuplicateKey',
  },
  { name: 'a key without a value', text: () => withMore('{ a, b, c }'), answer: 'taken' },
  { name: 'a key over 1,024 characters', text: () => `${'x'.repeat(1_100)}: 1\nname: f\nnodes: []`, answer: 'Syntax' },
  { name: 'a key over lines', text: () => 'a\nb: 1', answer: 'Syntax' },

  // texts
  { name: 'half a surrogate pair in an id', text: () => withNode('id: "\ud800"'), answer: 'MalformedId' },
  { name: 'half a surrogate pair by escape', text: () => withNode('id: "\\ud800"'), answer: 'MalformedId' },
  { name: 'half a surrogate pair in a text', text: () => withValue('"\udc00 \\ud800"'), answer: 'taken' },
  { name: 'an escape beyond Unicode', text: () => withNode('id: "\\UFFFFFFFF"'), answer: 'Syntax' },
  { name: 'NUL in an id', text: () => withNode('id: "a\u0000b"'), answer: 'MalformedId' },
  { name: 'NUL by escape', text: () => withNode('id: "a\\0b"'), answer: 'MalformedId' },
  { name: 'NUL in a plain text', text: () => withMore('a\u0000b'), answer: 'taken' },
  { name: 'NUL alone', text: () => '\u0000', answer: 'Malformed' },
  { name: 'bidi marks in an id', text: () => withNode('id: "\u202eabc\u2066"'), answer: 'taken' },
  {
    name: 'every control character',
    text: () => times(160, (i) => (i === 10 ? '' : `"k${i}${control(i)}": '${control(i)}'\n`)),
    answer: 'Malformed',
  },
  { name: 'an id that looks like a path', text: () => withNode('id: ../../etc/passwd'), answer: 'taken' },
  { name: 'an empty id', text: () => withNode('id:'), answer: 'MalformedId' },
  { name: 'line separators', text: () => withMore('"a\u2028b\u2029c\u0085d"'), answer: 'taken' },
  { name: 'carriage returns', text: () => `${withMore('"a"')}y: "${'\r'.repeat(3_900)}"`, answer: 'taken' },
  { name: 'carriage returns alone', text: () => '\r'.repeat(4_000), answer: 'either' },
  { name: 'byte order marks', text: () => '\ufeff'.repeat(1_000), answer: 'either' },
  { name: 'tabs', text: () => '\t'.repeat(4_000), answer: 'either' },
  { name: 'a quote that does not end', text: () => `"${'a\n'.repeat(1_500)}`, answer: 'Syntax' },
  { name: 'quotes', text: () => '"'.repeat(4_000), answer: 'Syntax' },
  { name: 'quotes that do not end, on lines', text: () => 'a: "\n'.repeat(800), answer: 'Syntax' },
  { name: 'backslashes', text: () => `"${'\\'.repeat(4_001)}"`, answer: 'either' },
  { name: 'block headers', text: () => 'a: |9+-9\n'.repeat(400), answer: 'Syntax' },
  { name: 'commas', text: () => `[${','.repeat(4_000)}]`, answer: 'Syntax' },
  { name: 'closing brackets', text: () => ']}'.repeat(2_000), answer: 'Syntax' },
  { name: 'block behind closing brackets', text: () => `x: ]]\ny:\n  ${'- '.repeat(500)}`, answer: 'Syntax' },
  { name: 'colons', text: () => ':'.repeat(4_000), answer: 'either' },
  { name: 'markers', text: () => '---\n'.repeat(1_000), answer: 'Syntax' },
  { name: 'end markers', text: () => '...\n'.repeat(1_000), answer: 'Syntax' },
  { name: 'tags in a row', text: () => '!a '.repeat(1_300), answer: 'Syntax' },
  { name: 'anchors in a row', text: () => '&a '.repeat(1_300), answer: 'Syntax' },
  {
    name: 'a value deeper than JSON may be',
    text: () => withValue(`${'[a: '.repeat(40)}1${']'.repeat(40)}`),
    answer: 'Malformed',
  },
  { name: 'a reference of dots', text: () => withNode(`id: a, when: "${'.'.repeat(3_000)}"`), answer: 'BadReference' },
  {
    name: 'a reference of brackets',
    text: () => withNode(`id: a, when: "inputs${'[0'.repeat(1_500)}"`),
    answer: 'BadReference',
  },
  { name: 'digits', text: () => withNode(`timeout: ${'1'.repeat(4_000)}`), answer: 'InvalidNumber' },
  { name: 'spaces', text: () => ' '.repeat(4_000), answer: 'Syntax' },
];

const MB = 1_000_000;

const large: readonly Hostile[] = [
  { name: '10 MB and a byte', text: () => `${withMore('1')}#${'x'.repeat(10 * MB)}`, answer: 'TooLarge' },
  {
    name: '10 MB and a byte in UTF-8',
    text: () => `${withMore('1')}#${'é'.repeat(5 * MB)}`,
    answer: 'TooLarge',
    maxMs: 500,
  },
  { name: '10 MB', text: () => withMore('1').padEnd(10 * MB, '# x'), answer: 'taken', maxMs: 1_000 },
  { name: '10 MB in one text', text: () => withMore('x'.repeat(10 * MB - 30)), answer: 'taken', maxMs: 2_000 },
  { name: '3 million pieces', text: () => `[${'a,'.repeat(1.5 * MB)}]`, answer: 'TooLarge', maxMs: 8_000 },
  {
    name: '100,000 duplicate keys',
    text: () => withMore(`\n${'  a: 1\n'.repeat(100_000)}`),
    answer: 'DuplicateKey',
    maxMs: 8_000,
  },
  {
    name: '100,000 keys',
    text: () => withMore(`\n${times(100_000, (i) => `  a${i}: 1\n`)}`),
    answer: 'taken',
    maxMs: 8_000,
  },
  {
    name: '100,000 unknown keys',
    text: () => `name: f\nnodes: []\n${times(100_000, (i) => `descripton${i}: 1\n`)}`,
    answer: 'taken',
    maxMs: 10_000,
  },
  {
    name: 'an id of 1 MB',
    text: () => withNode(`id: ${'x'.repeat(MB)}, dependencies: [${'y'.repeat(MB)}]`),
    answer: 'MalformedId',
    maxMs: 1_000,
  },
  {
    name: '100,000 carriage returns in a line',
    text: () => `name: f\nnodes: []\ny: "${'\r'.repeat(100_000)}x"`,
    answer: 'taken',
    maxMs: 500,
  },
  { name: '500,000 errors of the composer', text: () => `[${','.repeat(500_000)}]`, answer: 'Syntax', maxMs: 8_000 },
  { name: 'a million errors of the parser', text: () => `a: b\n${']'.repeat(MB)}`, answer: 'Syntax', maxMs: 1_000 },
  {
    name: '100,000 errors in one line',
    text: () => `name: "${'😀'.repeat(MB)}"\nnodes: [${'{id: "😀", zz: 1},'.repeat(40_000)}]`,
    answer: 'Malformed',
    maxMs: 12_000,
  },
  { name: '500,000 documents', text: () => '--- a\n'.repeat(500_000), answer: 'Syntax', maxMs: 500 },
  {
    name: 'lines that go in, 2,500 deep',
    text: () => times(2_500, (i) => `${' '.repeat(i)}a:\n`),
    answer: 'TooDeep',
    maxMs: 500,
  },
  { name: 'values in each other, a million deep', text: () => ': '.repeat(MB), answer: 'TooDeep' },
  { name: 'a cycle of 20,000 whose first node has 20,000 dependencies', text: () => `name: f\nnodes:\n${times(20_000, (i) => `- {id: n${i}, action: a, dependencies: [n${(i + 1) % 20_000}${i === 0 ? times(20_000, (k) => `, x${k}`) : ''}]}\n`)}${times(20_000, (i) => `- {id: x${i}, action: a}\n`)}`, answer: 'Cycle', maxMs: 15_000 }, // prettier-ignore
];

export const hostile: readonly Hostile[] = [...small, ...large];
