// timeout: 240000
// weight: 9
import { build as bundle, type Plugin as BuildPlugin } from 'esbuild';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { build } from './support/cli.js';
import { command, root, type Outcome } from './support/command.js';

// 20 KiB is what we want; what it weighs is far from that, and this keeps it from growing further.
const BUNDLE_LIMIT_BYTES = 53 * 1024;
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
const GENERATED = ['coverage', 'dist', 'dist-demos', 'node_modules'];

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
  assert.equal(readdirSync(installed).toSorted(), ['LICENSE', 'README.md', 'demos', 'dist', 'lib', 'package.json']);
  const beside = ['demos', 'lib'].flatMap((folder) =>
    readdirSync(join(installed, folder), { recursive: true }).map(String),
  );
  assert.equal(beside.filter((file) => /\.\w+$/.test(file)).toSorted(), [
    'CHANGELOG.md',
    'DECISIONS.md',
    'README.md',
    'site/pictures/hooks.png',
    'site/pictures/stress.png',
    'site/pictures/timetravel.png',
    'site/pictures/traces.png',
    'viewer/README.md',
    'weather/terminal.svg',
  ]);
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

test("the README's pipeline and its commands work as printed", async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const block = (before: string, language: string): string =>
    new RegExp(`${before}[^]*?\n\`\`\`${language}\n([^]*?)\`\`\``).exec(readme)![1]!;
  write('pipeline.yaml', block('`pipeline.yaml`, in', 'yaml'));
  write('actions.mjs', block('`actions.mjs`; what', 'js'));
  write('hooks.mjs', block('`hooks.mjs`; a hook', 'js'));
  await npm(['install', '--no-audit', '--no-fund', '--prefer-offline', 'libsql@0.5.29'], consumer);
  const lines = [...readme.matchAll(/^npx rxdag (?!serve|worker|coordinate|submit|runs --db \$).*$/gm)].map(
    ([line]) => line,
  ); // those go on until Ctrl-C, or need a Redis
  assert.is(lines.length, 10);
  const said: string[] = [];
  for (const line of lines) {
    const { code, text } = await command('sh', ['-c', line.replace('npx ', 'npx --no-install ')], { cwd: consumer });
    assert.is(code, 0, `${line}\n${text}`);
    said.push(text);
  }
  assert.match(said[0]!, 'pipeline.yaml: prices is sound, 2 nodes');
  assert.match(said[1]!, '✔ prices succeeded');
  assert.match(said[1]!, '» doubleCheck added 1 node');
  assert.match(said[3]!, /^monday +prices +succeeded/m);
  assert.match(said[7]!, 'Watch the run at http://127.0.0.1:');
  assert.match(readFileSync(join(consumer, 'monday.html'), 'utf8'), '"runId":"monday"');
  assert.match(readFileSync(join(consumer, 'pipeline.svg'), 'utf8'), /^<svg [^]*doubleCheck|^<svg [^]*prices/);
  assert.match(said[6]!, /load\n +monday: .*EUR.*\n +tuesday: .*CHF/);
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
  await npm(
    ['install', '--no-audit', '--no-fund', '--prefer-offline', 'piscina@5.3.2', '@opentelemetry/api@1.9.1'],
    consumer,
  );
  const code = doors.map((door) => `await import('rxdag${door.slice(1)}');`).join('\n');
  const outcome = await command(process.execPath, ['--input-type=module', '-e', code], { cwd: consumer });
  assert.is(outcome.code, 0, outcome.text);
});

test('an action runs in a thread under plain node, and the process ends', async () => {
  write('heavy.js', 'export default ({ inputs, progress }) => { progress(1); return inputs.a * 2; };');
  write(
    'threads.mjs',
    `import { ActionRegistry, DagExecutor } from 'rxdag';
import { otelHook, traced } from 'rxdag/otel';
import { threads } from 'rxdag/threads';
const heavy = threads().action({ thread: new URL('./heavy.js', import.meta.url) });
const executor = new DagExecutor({ registry: new ActionRegistry().register(traced(heavy)), hooks: [otelHook()] });
const run = executor.start({ name: 'd', nodes: [{ id: 'a', action: 'heavy', inputs: { a: 21 } }] });
console.log((await run.report).outputs.a);`,
  );
  const { code, text } = await command(process.execPath, ['threads.mjs'], { cwd: consumer });
  assert.is(text.trim(), '42');
  assert.is(code, 0, text);
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

/** What is imported only once it is used is no part of what a page loads: bundlers put it into files of its own. */
const laterPlugin: BuildPlugin = {
  name: 'later',
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined)),
};

const bundledBytes = async (contents: string): Promise<number> => {
  const { outputFiles } = await bundle({
    stdin: { contents, resolveDir: consumer },
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    conditions: ['es2015'],
    plugins: [laterPlugin],
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
