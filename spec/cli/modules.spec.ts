// weight: 2
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { project, rxdag } from '../support/cli.js';
import { isUsageError, several } from './isUsageError.js';

const pipeline = { 'a.yaml': 'name: a\nnodes: [{ id: a, action: a }]', 'a.mjs': 'export const a = () => 1;' };

const test = suite('modules that cannot be used');

/** Each source, as a module of that name, is refused with that message. */
const refuses = (
  name: string,
  option: '--actions' | '--hooks',
  cases: readonly (readonly [file: string, source: string | undefined, message: string | RegExp])[],
): void =>
  test(name, async () => {
    await several(cases, async ([file, source, message]) => {
      const cwd = project({ ...pipeline, ...(source === undefined ? {} : { [file]: source }) });
      const more = option === '--hooks' ? ['--actions', 'a.mjs'] : [];
      isUsageError(await rxdag(['run', 'a.yaml', ...more, option, file], { cwd }), message, `${file}: ${source}`);
    });
  });

const nothing = 'exports no action; export functions, actions made by action(), or a list of them as "actions".\n';
const unfit = 'holds something that is no action; export functions, actions made by action(), or a list of them.\n';

refuses('one that is not there is named', '--actions', [
  ['nope.mjs', undefined, 'There is no module nope.mjs; --actions takes a path or the name of a package.\n'],
  ['@scope/nope', undefined, 'There is no module @scope/nope; --actions takes a path'],
  ['', undefined, 'is a folder; name a file in it.\n'],
  ['\u001b[31m', undefined, 'There is no module \\u001b[31m; --actions'],
]);

refuses('one that does not load is told, with the place where it goes wrong', '--actions', [
  ['m.mjs', '\nexport const b = = 2;', /^The module m\.mjs can't be loaded: SyntaxError: .* \(\/\S+\/m\.mjs:2\)\.\n$/],
  ['m.cjs', '\nexports.a = = 2;', /^The module m\.cjs can't be loaded: SyntaxError: .* \(\/\S+\/m\.cjs:2\)\.\n$/],
  ['m.ts', '\nexport const a: = 1;', /^The module m\.ts can't be loaded: .*(?:m\.ts:2:\d+: ERROR: |TYPESCRIPT).*\n$/],
  ['m.mjs', 'import { b } from "./a.mjs";', /SyntaxError: .* named 'b' \(\/\S+\/m\.mjs:1\)\.\n$/],
  ['m.mjs', '\n\nthrow new TypeError("at\\nload.");', /can't be loaded: TypeError: at load \(\/\S+\/m\.mjs:3:7\)\.\n$/],
  ['m.cjs', 'throw new Error("\\x1b[31m")', /can't be loaded: Error: \\u001b\[31m \(\/\S+\/m\.cjs:1:7\)\.\n$/],
  [
    'm.mjs',
    'import "@nowhere/to-be-found/part";',
    /Error: Cannot find package '@nowhere\/to-be-found' imported from \S+\/m\.mjs; install it with npm install @nowhere\/to-be-found\.\n$/,
  ],
  ['m.mjs', 'import "./nope.mjs";', /Error: Cannot find module '\S+\/nope\.mjs' imported from \S+\/m\.mjs\.\n$/],
  ['m.json', '{ "a": 1 }', /^The module m\.json can't be loaded: TypeError: /],
  ['m.txt', 'hello', /^The module m\.txt can't be loaded: TypeError: Unknown file extension "\.txt"/],
]);

test('one that imports what goes wrong tells where that is', async () => {
  const cwd = project({
    ...pipeline,
    'outer.mjs': 'import "./inner.mjs"; export const a = 1;',
    'inner.mjs': '\nJSON.parse("{");',
    'about.mjs': 'import "./broken.mjs";',
    'broken.mjs': 'const = 1;',
  });
  const inner = await rxdag(['run', 'a.yaml', '--actions', 'outer.mjs'], { cwd });
  isUsageError(inner, /SyntaxError: .* \(\/\S+\/inner\.mjs:2:6\)\.\n$/, 'inner.mjs');
  const broken = await rxdag(['run', 'a.yaml', '--actions', 'about.mjs'], { cwd });
  isUsageError(broken, /SyntaxError: .* \(in a file that it imports\)\.\n$/, 'broken.mjs');
});

refuses('one that throws anything at all is told', '--actions', [
  ['m.mjs', 'throw null;', "The module m.mjs can't be loaded: it threw null.\n"],
  ['m.mjs', 'throw "a word";', 'it threw a word.\n'],
  ['m.mjs', 'throw Object.create(null);', 'it threw {}.\n'],
  ['m.mjs', 'throw Object.assign(new Error(), { message: 5 });', "The module m.mjs can't be loaded: Error: "],
  ['m.mjs', 'throw Object.assign(new Error("x"), { name: "\\x1b[31m" });', '\\u001b[31m: x'],
  ['m.mjs', 'throw Object.defineProperty(new Error("x"), "stack", { get() { throw 1; } });', 'Error: x.\n'],
]);

refuses('one that never ends to load is told', '--actions', [
  ['m.mjs', 'await new Promise(() => {}); export const a = 1;', 'it waits for something that never happens.\n'],
  ['m.mjs', 'export const then = () => {};', 'it waits for something that never happens.\n'],
]);

test('one that ends the process while it loads is no success', async () => {
  const cwd = project({ ...pipeline, 'm.mjs': 'process.exit(0);' });
  const { code, out, err } = await rxdag(['run', 'a.yaml', '--actions', 'm.mjs'], { cwd });
  assert.match(err, 'ended the process with process.exit(0)');
  assert.is(out, '');
  assert.is(code, 1);
});

refuses('one without actions, or with wrong ones, tells what belongs there', '--actions', [
  ['m.mjs', '', `The module m.mjs ${nothing}`],
  ['m.mjs', 'export const a = 1; export const b = { execute: 1 };', `The module m.mjs ${nothing}`],
  ['m.mjs', 'export const actions = [];', `The module m.mjs ${nothing}`],
  ['m.cjs', '', `The module m.cjs ${nothing}`],
  ['m.mjs', 'export const actions = 7;', `In the module m.mjs, "actions" ${unfit}`],
  ['m.mjs', 'export const actions = null;', `In the module m.mjs, "actions" ${unfit}`],
  [
    'm.mjs',
    'export const actions = [() => 1];',
    'In the module m.mjs, the function that "actions" holds has no name; export it under the name that nodes have as their action.\n',
  ],
  ['m.mjs', 'export const registry = { list: 1 };', `In the module m.mjs, "registry" ${unfit}`],
  [
    'm.mjs',
    'export default () => 1;',
    'In the module m.mjs, the function that "default" holds has no name; export it under the name that nodes have as their action.\n',
  ],
  ['m.mjs', 'export default { a: { b: () => 1 } };', `In the module m.mjs, "default" ${unfit}`],
  ['m.mjs', 'export default { "": () => 1 };', 'In the module m.mjs: An action cannot have the name "";'],
  [
    'm.mjs',
    'const a = () => 1; export { a as "\\x1b" };',
    'In the module m.mjs: An action cannot have the name "\\u001b";',
  ],
  ['m.mjs', 'export default { get a() { throw new Error("closed"); } };', 'In the module m.mjs: closed\n'],
  [
    'm.mjs',
    'const a = { name: "a", execute() {} }; export default [a, { ...a }];',
    'In the module m.mjs: There is an action "a" already',
  ],
  ['m.mjs', 'export default { dag: () => 1 };', 'In the module m.mjs: There is an action "dag" already'],
]);

refuses('one without hooks, or with wrong ones, tells what belongs there', '--hooks', [
  ['nope.mjs', undefined, 'There is no module nope.mjs; --hooks takes a path or the name of a package.\n'],
  ['h.mjs', '', 'The module h.mjs exports no hook; export hooks, or a list of them as "hooks".\n'],
  ['h.mjs', 'export const x = 1; export const y = { fire() {} };', 'The module h.mjs exports no hook;'],
  [
    'h.mjs',
    'export const y = { onEvent() {}, onNodeComplet() {} };',
    'In the module h.mjs, "y" has the method onNodeComplet, which nobody calls; did you mean "onNodeComplete"?',
  ],
  [
    'h.mjs',
    'export const hooks = [{ onNodeFailure() {} }];',
    'In the module h.mjs, item 1 of "hooks" has the method onNodeFailure, which nobody calls; here it is called "onNodeFailed".',
  ],
  ['h.mjs', 'export const hooks = 42;', 'In the module h.mjs, item 1 of "hooks" is no hook; a hook is a function'],
  ['h.mjs', 'export default [() => {}, null];', 'In the module h.mjs, item 2 of "default" is no hook;'],
  ['h.mjs', 'export default { name: "h" };', 'In the module h.mjs, item 1 of "default" is no hook;'],
  ['h.mjs', 'export default { name: 5, onEvent() {} };', 'The name of hook #0 is 5, not a text;'],
  ['h.mjs', 'export default { get onEvent() { throw new Error("closed"); } };', 'In the module h.mjs: closed\n'],
  [
    'h.mjs',
    'export default { get name() { throw new Error("closed"); }, onEvent() {} };',
    'In the module h.mjs: closed\n',
  ],
]);

test('the same action from two modules is told', async () => {
  const cwd = project({ ...pipeline, 'b.mjs': 'export const a = () => 2;' });
  const ended = await rxdag(['run', 'a.yaml', '-a', 'a.mjs', '-a', 'b.mjs'], { cwd });
  isUsageError(ended, 'In the module b.mjs: There is an action "a" already', 'a.mjs and b.mjs');
});

test('TypeScript needs tsx beside it, where Node cannot read it', async () => {
  const typed = {
    'a.ts': 'export const a = (): number => 1;',
    'b.ts': 'export enum B { One }; export const a = () => B.One;',
  };
  const files = { ...pipeline, ...typed };
  const cwd = project(files, true);
  const ended = await rxdag(['run', 'a.yaml', '--actions', 'a.ts', '--quiet'], { cwd });
  if ((process.features as { readonly typescript?: unknown }).typescript) assert.is(ended.code, 0);
  else
    isUsageError(
      ended,
      `The module ${join(cwd, 'a.ts')} is TypeScript, which Node ${process.versions.node} can't read by itself; install tsx beside it, compile it to JavaScript, or use Node 22.18 or newer.\n`,
      'a.ts',
    );
});

test.run();
