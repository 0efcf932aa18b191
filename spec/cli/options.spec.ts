// weight: 3
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventOf, ExecutionEvent } from '../../lib/index.js';
import { project, rxdag } from '../support/cli.js';

const events = async (args: readonly string[], cwd: string, input?: string): Promise<readonly ExecutionEvent[]> => {
  const { out, err } = await rxdag(['run', ...args, '--json'], { cwd, ...(input === undefined ? {} : { input }) });
  assert.match(out, '"RunSettled"', err);
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ExecutionEvent);
};
const ofType = <K extends ExecutionEvent['type']>(all: readonly ExecutionEvent[], type: K): readonly EventOf<K>[] =>
  all.filter((event): event is EventOf<K> => event.type === type);
const outputs = (all: readonly ExecutionEvent[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(ofType(all, 'NodeSucceeded').map(({ nodeId, output }) => [nodeId, output]));

const echo = {
  'echo.yaml': `
name: echo
nodes: [{ id: all, action: echo, inputs: [{ name: all, reference: inputs }] }]`,
  'echo.mjs': 'export const echo = ({ inputs }) => inputs.all;',
};
const inputsOf = async (cwd: string, ...options: readonly string[]): Promise<unknown> =>
  outputs(await events(['echo.yaml', '--actions', 'echo.mjs', ...options], cwd))['all'];

const test = suite('options of rxdag run');

test('an input is JSON where it can be read as such, else the text', async () => {
  const values = [
    'n=21',
    'list=[1, "x"]',
    'yes=true',
    'none=null',
    'text="21"',
    'word=hello',
    'half={"a":',
    'empty=',
    'a=b=c',
  ];
  assert.equal(await inputsOf(project(echo), ...values.flatMap((value) => ['--input', value])), {
    n: 21,
    list: [1, 'x'],
    yes: true,
    none: null,
    text: '21',
    word: 'hello',
    half: '{"a":',
    empty: '',
    a: 'b=c',
  });
});

test('inputs come from files, the later ones over the earlier, and single ones over them all', async () => {
  const cwd = project({ ...echo, 'one.json': '{ "a": 1, "b": 1, "c": 1 }', 'two.json': '{ "b": 2, "c": 2 }' });
  const files = ['--inputs', 'one.json', '--inputs', 'two.json'];
  assert.equal(await inputsOf(cwd, '--input', 'c=3', ...files), { a: 1, b: 2, c: 3 });
});

test('an input may have any name', async () => {
  const cwd = project({ ...echo, 'own.json': '{ "__proto__": 1 }' });
  const got = await inputsOf(cwd, '--inputs', 'own.json', '--input', 'constructor=2');
  assert.equal(Object.entries(got as object), [
    ['__proto__', 1],
    ['constructor', 2],
  ]);
});

test('a pipeline or its inputs come from standard input', async () => {
  const cwd = project(echo);
  const args = ['--actions', 'echo.mjs'];
  const pipeline = await events(['-', ...args, '--input', 'n=1'], cwd, echo['echo.yaml']);
  assert.equal(outputs(pipeline)['all'], { n: 1 });
  const inputs = await events(['echo.yaml', ...args, '--inputs', '-'], cwd, '{ "n": 2 }');
  assert.equal(outputs(inputs)['all'], { n: 2 });
});

test('--run-id names the run', async () => {
  const [started] = await events(['echo.yaml', '--actions', 'echo.mjs', '--run-id', 'night 7'], project(echo));
  assert.is((started as EventOf<'RunStarted'>).runId, 'night 7');
});

test('--parallel limits how many nodes run at once, else the file does, else it is three', async () => {
  const nodes = Array.from({ length: 6 }, (_, i) => `{ id: n${i}, action: nap }`).join(', ');
  const cwd = project({
    'six.yaml': `name: six\nnodes: [${nodes}]`,
    'two.yaml': `name: two\nconfig: { max_parallel_nodes: 2 }\nnodes: [${nodes}]`,
    'nap.mjs': 'export const nap = () => new Promise((later) => setTimeout(later, 50));',
  });
  const most = async (file: string, ...options: readonly string[]): Promise<number> => {
    let running = 0;
    let most = 0;
    for (const { type } of await events([file, '--actions', 'nap.mjs', ...options], cwd)) {
      if (type === 'NodeStarted') most = Math.max(most, ++running);
      if (type === 'NodeSucceeded') running--;
    }
    return most;
  };
  assert.is(await most('six.yaml'), 3);
  assert.is(await most('six.yaml', '--parallel', '5'), 5);
  assert.is(await most('six.yaml', '-p', '1'), 1);
  assert.is(await most('two.yaml'), 2);
  assert.is(await most('two.yaml', '--parallel', '6'), 6);
});

test('--answer answers nodes that wait for input, with JSON or text', async () => {
  const ask = (id: string): string => `{ id: ${id}, action: human.input, inputs: [{ name: question, value: Well? }] }`;
  const cwd = project({ 'ask.yaml': `name: ask\nnodes: [${['a', 'b', '__proto__'].map(ask).join(', ')}]` });
  const answered = await events(['ask.yaml', '--answer', 'a=yes', '--answer', 'b=[1]', '--answer', '__proto__=2'], cwd);
  assert.equal(
    ofType(answered, 'NodeSucceeded').map(({ nodeId, output }) => [nodeId, output]),
    [
      ['a', 'yes'],
      ['b', [1]],
      ['__proto__', 2],
    ],
  );
});

test('--dag loads pipelines for nodes of the action dag', async () => {
  const cwd = project({
    'outer.yaml': `
name: outer
nodes:
  - id: inner
    action: dag
    inputs: [{ name: dag, value: twice }, { name: inputs, value: { n: 4 } }]
`,
    'twice.yaml': `
name: twice
nodes: [{ id: double, action: double, inputs: [{ name: n, reference: inputs.n }] }]
`,
    'other.yaml': 'name: other\nnodes: []',
    'double.mjs': 'export const double = ({ inputs }) => inputs.n * 2;',
  });
  const args = ['outer.yaml', '--actions', 'double.mjs', '--dag', 'other.yaml'];
  const all = await events([...args, '--dag', 'twice.yaml'], cwd);
  assert.is(outputs(all)['inner/double'], 8);
  const { code, err } = await rxdag(['run', ...args], { cwd });
  assert.is(err, 'Node "inner" names the pipeline "twice", which is not there; give its file by --dag FILE.\n');
  assert.is(code, 2);
});

const forms: Readonly<Record<string, string>> = {
  'functions.mjs': 'export const a = () => 1; export function b() { return 2; }; export const notAnAction = 3;',
  'list.mjs': 'const b = () => 2; export const actions = [{ name: "a", execute: () => 1 }, b];',
  'object.mjs': 'export default { a: () => 1, b: { name: "b", execute: () => 2 } };',
  'common.cjs': 'exports.a = () => 1; exports.b = () => 2;',
  'made.mjs':
    'import { action } from "rxdag"; export const one = action("a", () => 1); export const two = action("b", () => 2);',
  'registry.mjs':
    'import { ActionRegistry, action } from "rxdag"; export const registry = new ActionRegistry().register(action("a", () => 1), action("b", () => 2));',
  'typed.ts': 'export const a = (): number => 1; export const b = async (): Promise<number> => 2;',
  'node_modules/shop-actions/index.js': 'exports.a = () => 1; exports.b = () => 2;',
  'odd name #%20?.mjs': 'export const a = () => 1; export const b = () => 2;',
};

test('a module exports its actions in any of these forms', async () => {
  const cwd = project({ ...forms, 'ab.yaml': 'name: ab\nnodes: [{ id: a, action: a }, { id: b, action: b }]' });
  const modules = Object.keys(forms).map((name) => /^node_modules\/(.*?)\//.exec(name)?.[1] ?? name);
  const all = await Promise.all(modules.map((module) => events(['ab.yaml', '--actions', module], cwd)));
  for (const [i, module] of modules.entries()) assert.equal(outputs(all[i]!), { a: 1, b: 2 }, module);
});

test('actions come from several modules, hooks too', async () => {
  const cwd = project({
    'ab.yaml': 'name: ab\nnodes: [{ id: a, action: a }, { id: b, action: b }]',
    'a.mjs': 'export const a = () => 1;',
    'b.mjs': 'export const b = () => 2;',
    'list.mjs':
      'export const hooks = [{ name: "listed", onStart: () => ({ type: "EmitEvent", name: "listed", payload: 1 }) }];',
    'functions.mjs': `import { of } from 'rxjs'; export const watch = () => of({ type: 'EmitEvent', name: 'watch', payload: 1 }); export const limit = 5;`,
  });
  const all = await events(['ab.yaml', '-a', 'a.mjs', '-a', 'b.mjs', '-k', 'list.mjs', '-k', 'functions.mjs'], cwd);
  assert.equal(outputs(all), { a: 1, b: 2 });
  const emitted = ofType(all, 'CustomEmitted').map(({ name, by }) => `${name} by ${by}`);
  assert.equal(emitted.toSorted(), ['listed by listed', 'watch by watch']);
});

test('paths are those of the folder in which the command was called', async () => {
  const cwd = project({ ...echo, 'deep/er/x.txt': '' });
  writeFileSync(join(cwd, 'deep', 'in.json'), '{ "n": 1 }');
  const up = ['../../echo.yaml', '--actions', '../../echo.mjs', '--inputs', '../in.json'];
  assert.equal(outputs(await events(up, join(cwd, 'deep', 'er')))['all'], { n: 1 });
});

test.run();
