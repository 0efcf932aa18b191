// timeout: 240000
// weight: 5
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from './support/command.js';
import { blocksOfPage, blocksOfSource, checkBlocks, type Block } from './support/docs.js';

const sample = `# Sample
\`\`\`ts
const sum = [1, 2].reduce((a, b) => a + b);
sum; // => 3
console.log('sum', sum); // => sum 3
[1, 2]
  .map((x) => ({ x })); // => [ { x: 1 }, { x: 2 } ]
for (const x of [1, 2]) console.log(x); // => 1
// => 2
setTimeout(() => console.log({ late: true }), 20); // => { late: true }
await Promise.resolve('text'); // => 'text'
\`\`\`
\`\`\`js
not.typescript;
\`\`\`
- in a list
  \`\`\`ts no-run
  throw new Error('must not run');
  \`\`\`
\`\`\`ts
const wrong = 1 + 1;
wrong; // => 3
\`\`\`
\`\`\`ts
const n: number = 'text';
\`\`\`
\`\`\`ts
function never(): void {
  console.log('unreached'); // => unreached
}
\`\`\`
\`\`\`ts
throw new Error('boom');
\`\`\`
\`\`\`ts
process.exit(0);
\`\`\`
`;

const extractor = suite('docs extractor');

extractor('finds the ts blocks of a page, with their lines', () => {
  const blocks = blocksOfPage('sample.md', sample);
  assert.equal(
    blocks.map(({ line, runs }) => [line, runs]),
    [
      [3, true],
      [18, false],
      [21, true],
      [25, true],
      [28, true],
      [33, true],
      [36, true],
    ],
  );
  assert.is(blocks[1]?.code, `throw new Error('must not run');\n`);
});

extractor('finds the blocks under @example in doc comments', () => {
  const source = [
    '/**',
    ' * Does it.',
    ' * ```ts',
    ' * not.an.example;',
    ' * ```',
    ' * @example',
    ' * ```ts',
    ' * @decorated',
    ' * 1 + 1; // => 2',
    ' * ```',
    ' * @returns a thing',
    ' * ```ts',
    ' * neither.is.this;',
    ' * ```',
    ' */',
    'export const x = 1;',
  ].join('\n');
  assert.equal(blocksOfSource('x.ts', source), [
    { file: 'x.ts', line: 8, code: '@decorated\n1 + 1; // => 2\n', runs: true },
  ]);
});

extractor('a kept promise is green; a wrong value, type, silence, error or exit is red', async () => {
  const [good, unrun, wrong, type, silent, error, exit] = await checkBlocks(
    blocksOfPage('sample.md', sample),
    ({ line }) => String(line),
  );
  assert.equal(good, []);
  assert.equal(unrun, []);
  assert.equal(wrong, ['sample.md:22: expected 3, got 2']);
  assert.is(type?.length, 1);
  assert.match(type?.[0] ?? '', /^sample\.md:25: error TS2322/);
  assert.equal(silent, ['sample.md:29: expected unreached, got nothing']);
  assert.match(error?.[0] ?? '', /^sample\.md:33: Error: boom/);
  assert.match(exit?.[0] ?? '', /^sample\.md:36: the block ended its process/);
});

extractor.run();

const docs = suite('docs');

const pages = ['README.md', 'lib/README.md'].filter((page) => existsSync(join(root, page)));
const sources = readdirSync(join(root, 'lib'), { recursive: true })
  .map((file) => `lib/${String(file).replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.ts'))
  .sort();
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const blocks: Block[] = [
  ...pages.flatMap((page) => blocksOfPage(page, read(page))),
  ...sources.flatMap((file) => blocksOfSource(file, read(file))),
];
let checked: Promise<string[][]> | undefined;

for (const [index, block] of blocks.entries())
  docs(`${block.file}:${block.line}`, async () => {
    checked ??= checkBlocks(blocks, ({ file }) => (file.endsWith('.md') ? file : 'doc comments'));
    const problems = (await checked)[index] ?? [];
    assert.is(problems.join('\n'), '');
  });

docs.run();
