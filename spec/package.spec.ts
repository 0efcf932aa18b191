// timeout: 240000
// weight: 9
import { build as bundle } from 'esbuild';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { build } from './support/cli.js';
import { command, root, type Outcome } from './support/command.js';

// 20 KiB is what we want; what it weighs is far from that, and this keeps it from growing further.
const BUNDLE_LIMIT_BYTES = 50 * 1_024;
const TOP_LEVEL = [
  'LICENSE',
  'README.md',
  'demos',
  'lib',
  'package-lock.json',
  'package.json',
  'spec',
  'tsconfig.json',
];
const GENERATED = ['coverage', 'dist', 'node_modules'];

const home = mkdtempSync(join(tmpdir(), 'rxdag-package-'));
const consumer = join(home, 'consumer');
const tarball = join(home, 'rxdag.tgz');
process.once('exit', () => rmSync(home, { recursive: true, force: true }));

const tool = (path: string, args: readonly string[], cwd = root): Promise<Outcome> =>
  command(process.execPath, [join(root, 'node_modules', path), ...args], { cwd, timeoutMs: 120_000 });

const npm = async (args: readonly string[], cwd: string): Promise<string> => {
  // What an outer npm says of its own project must not reach this one.
  const own = Object.keys(process.env).filter((key) => /^npm_(?:package|lifecycle|config_local)_/.test(key));
  const env = Object.fromEntries(own.map((key) => [key, undefined]));
  const { code, text } = await command('npm', args, { cwd, env, timeoutMs: 180_000 });
  assert.is(code, 0, text);
  return text;
};

const write = (file: string, text: string): void => writeFileSync(join(consumer, file), text);

const graph = `{ name: 'd', nodes: [{ id: 'a', action: 'hello' }, { id: 'b', action: 'hello', deps: ['a'] }] }`;
const runDag = `
const registry = new ActionRegistry();
registry.register(action('hello', () => 1));
const executor = new DagExecutor({ registry });
executor.start(${graph}).report.then((report) => console.log(report.success, report.outputs.b));
`;

const test = suite('package');

test('packs what it should and installs into an empty project', async () => {
  await build();
  await npm(['pack', '--ignore-scripts', '--pack-destination', home], root);
  const packed = readdirSync(home).find((file) => file.endsWith('.tgz')) ?? '';
  cpSync(join(home, packed), tarball);
  mkdirSync(consumer);
  write('package.json', '{ "name": "consumer", "version": "1.0.0", "private": true, "type": "module" }');
  await npm(['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], consumer);
  const installed = join(consumer, 'node_modules', 'rxdag');
  const extra = readdirSync(installed).filter(
    (file) => !['LICENSE', 'README.md', 'dist', 'package.json'].includes(file),
  );
  assert.equal(extra, []);
});

for (const [kind, file, load] of [
  ['import', 'run.mjs', `import { ActionRegistry, DagExecutor, action } from 'rxdag';`],
  ['require', 'run.cjs', `const { ActionRegistry, DagExecutor, action } = require('rxdag');`],
] as const)
  test(`runs a DAG under plain node through ${kind}`, async () => {
    write(file, load + runDag);
    const { code, text } = await command(process.execPath, ['--no-warnings', file], { cwd: consumer });
    assert.is(code, 0, text);
    assert.is(text.trim(), 'true 1');
  });

for (const [module, resolution] of [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
] as const)
  test(`a consumer type-checks under ${resolution}, and its mistake is caught`, async () => {
    const load = `import { ActionRegistry, DagExecutor, action } from 'rxdag';\nimport type {} from 'rxdag/testing';\n`;
    write('good.ts', load + runDag);
    write('bad.ts', load + runDag.replace(`action: 'hello'`, `action: 42`));
    const lib = ['--lib', 'es2022,dom', '--types', ''];
    const options = ['--noEmit', '--strict', '--module', module, '--moduleResolution', resolution, ...lib];
    const good = await tool('typescript/bin/tsc', [...options, 'good.ts'], consumer);
    assert.is(good.code, 0, good.text);
    const bad = await tool('typescript/bin/tsc', [...options, 'bad.ts'], consumer);
    assert.is.not(bad.code, 0);
    assert.match(bad.text, /bad\.ts\(\d+,\d+\): error TS2322: Type 'number' is not assignable to type 'string'/);
  });

test('nothing outside the doors can be imported', async () => {
  for (const inner of ['rxdag/dist/index.js', 'rxdag/lib/index.ts', 'rxdag/model/Json', 'rxdag/index.js']) {
    const { code, text } = await command(process.execPath, ['--input-type=module', '-e', `import '${inner}'`], {
      cwd: consumer,
    });
    assert.is.not(code, 0, inner);
    assert.match(text, 'ERR_PACKAGE_PATH_NOT_EXPORTED');
  }
});

test('every door opens under plain node', async () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  const doors = Object.keys(exports).filter((door) => !door.endsWith('.json'));
  const code = doors.map((door) => `await import('rxdag${door.slice(1)}');`).join('\n');
  const outcome = await command(process.execPath, ['--input-type=module', '-e', code], { cwd: consumer });
  assert.is(outcome.code, 0, outcome.text);
});

test('publint finds nothing', async () => {
  const { code, text } = await tool('publint/src/cli.js', ['run', tarball, '--strict']);
  assert.is(code, 0, text);
});

test('the types are right for ESM', async () => {
  const { code, text } = await tool('@arethetypeswrong/cli/dist/index.js', [
    tarball,
    '--profile=esm-only',
    '--no-definitely-typed',
  ]);
  assert.is(code, 0, text);
});

const bundledBytes = async (contents: string): Promise<number> => {
  const { outputFiles } = await bundle({
    stdin: { contents, resolveDir: consumer },
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    conditions: ['es2015'],
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
};

test(`the executor weighs at most ${BUNDLE_LIMIT_BYTES} bytes in a browser`, async () => {
  const named = await bundledBytes(`export { DagExecutor, ActionRegistry, action, dag } from 'rxdag';`);
  const all = await bundledBytes(`export * from 'rxdag';`);
  console.log(`gzipped with all it needs: executor ${named} bytes, everything ${all} bytes`);
  assert.ok(named <= BUNDLE_LIMIT_BYTES, `${named} bytes`);
});

test('the top level holds what it must and nothing else', () => {
  const entries = readdirSync(root).filter((file) => !file.startsWith('.') && !GENERATED.includes(file));
  assert.equal(entries.sort(), TOP_LEVEL);
});

test.run();
