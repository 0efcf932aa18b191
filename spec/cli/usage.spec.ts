// timeout: 120000
// weight: 4
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readText } from '../../lib/cli/readText.js';
import { UsageError } from '../../lib/cli/UsageError.js';
import { project, rxdag } from '../support/cli.js';
import { root } from '../support/command.js';
import { isUsageError, several } from './isUsageError.js';
import { shop } from './shop.js';

const run = ['run', 'shop.yaml', '--actions', 'actions.mjs', '--input', 'n=1'];
const plain = {
  ...shop,
  'a.yaml': 'name: a\nnodes: [{ id: a, action: a }]',
  'a.mjs': 'export const a = () => 1;',
};

const refuses = (
  name: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  cases: readonly (readonly [args: readonly string[], message: string | RegExp, input?: string])[],
): void =>
  test(name, async () => {
    const cwd = project({ ...plain, ...files });
    await several(cases, async ([args, message, input]) => {
      const ended = await rxdag(args, { cwd, ...(input === undefined ? {} : { input }) });
      isUsageError(ended, message, JSON.stringify(args));
    });
  });

const test = suite('wrong use of rxdag');

refuses('an unknown command or option is named, with the nearest known one', {}, [
  [['runn'], `error: unknown command 'runn'\n(Did you mean one of run, runs?)\n(rxdag --help shows how it is used)\n`],
  [['--jsno'], `error: unknown option '--jsno'`],
  [['run', 'a.yaml', '--acions', 'x'], '(Did you mean --actions?)\n(rxdag run --help shows how it is used)\n'],
  [['validate', 'a.yaml', '--json'], `error: unknown option '--json'`],
  [['graph', 'a.yaml', '--fromat', 'dot'], '(Did you mean --format?)'],
  [['\u001b]0;title\u0007\u009b2J'], `error: unknown command '\\u001b]0;title\\u0007\\u009b2J'`],
  [['run', 'a.yaml', '--\u001b[31m'], `error: unknown option '--\\u001b[31m'`],
  [
    ['help', 'runn'],
    `error: unknown command 'runn'\n(Did you mean one of run, runs?)\n(rxdag --help shows how it is used)\n`,
  ],
  [[], 'Usage: rxdag [options] [command]'],
]);

refuses('arguments that are missing, too many or none of the choices are told', {}, [
  [['run'], `error: missing required argument 'file'\n(rxdag run --help shows how it is used)\n`],
  [['validate'], `error: missing required argument 'files'`],
  [['graph'], `error: missing required argument 'file'`],
  [['completion'], `error: missing required argument 'shell'`],
  [['run', 'a.yaml', 'b.yaml'], 'error: too many arguments'],
  [['graph', 'a.yaml', 'b.yaml'], 'error: too many arguments'],
  [['completion', 'fish'], 'Allowed choices are bash, zsh.'],
  [['graph', 'a.yaml', '--format', 'pdf'], 'Allowed choices are dot, mermaid, svg, json.'],
  ...['actions', 'hooks', 'input', 'inputs', 'parallel', 'run-id', 'dag', 'answer'].map(
    (option): [string[], string] => [['run', 'a.yaml', `--${option}`], 'argument missing'],
  ),
]);

refuses(
  'a number of nodes is a whole one, from 1',
  {},
  ['0', '-1', '1.5', 'x', '1e3', '0x10', '', '9007199254740992', '99999999999999999999'].map(
    (number): [string[], string] => [
      [...run, `--parallel=${number}`],
      `error: option '-p, --parallel <n>' argument '${number}' is invalid. Write a whole number from 1${Number(number) > 1e15 ? ' to 9007199254740991' : ''}.\n`,
    ],
  ),
);

refuses('pairs have a name and a value', {}, [
  [[...run, '--input', 'n'], '--input "n" has no value; write --input name=value.\n'],
  [[...run, '--input', '=3'], '--input "=3" has no name; write --input name=value.\n'],
  [[...run, '--input', ''], '--input "" has no value; write --input name=value.\n'],
  [
    [...run, '--answer', 'q=1e999'],
    `The answer for "q" can't be taken: the value is Infinity, which JSON cannot hold.\n`,
  ],
  [[...run, '--answer', 'yes'], '--answer "yes" has no value; write --answer name=value.\n'],
]);

refuses(
  'files that cannot be read are named, with the reason',
  { 'bytes.yaml': Uint8Array.of(0x6e, 0xff, 0xfe), 'folder/x': '' },
  [
    ...(['run', 'validate', 'graph'] as const).flatMap((name): [string[], string][] => [
      [[name, 'nope.yaml'], 'The file nope.yaml does not exist.\n'],
      [[name, 'folder'], 'The file folder is a folder; name a file in it.\n'],
      [[name, 'bytes.yaml'], 'The file bytes.yaml is not text in UTF-8.\n'],
      [[name, '/dev/zero'], 'The file /dev/zero has more than 10,000,000 bytes.\n'],
    ]),
    [['validate', ''], 'The file "" does not exist.\n'],
    [['run', 'a.yaml', '-a', ''], 'The module "" is a folder; name a file in it.\n'],
    [['validate', '\u001b[31m'], 'The file \\u001b[31m does not exist.\n'],
    [['validate', 'x'.repeat(5_000)], /^The file x+ can't be read: ENAMETOOLONG/],
    [[...run, '--inputs', 'nope.json'], 'The file nope.json does not exist.\n'],
    [[...run, '--dag', 'nope.yaml'], 'The file nope.yaml does not exist.\n'],
    [['validate', 'a.yaml/b'], `The file a.yaml/b can't be read: ENOTDIR`],
  ],
);

refuses('what is no pipeline is told with its place', {}, [
  [['validate', '-'], 'standard input:1:1: The file is empty; a pipeline needs at least a name and nodes.', ''],
  [['validate', '-'], /^standard input:1:1: .*a pipeline/, '42'],
  [['validate', '-'], /^standard input:2:9: .*\n {2}2 \| nodes: \[\n.*\^/, 'name: a\nnodes: ['],
  [['validate', '-'], 'standard input:2:4: ', '<<: *a\n&a [*a]'],
  [['validate', '-'], 'anchor', `a: &a [x, x]\nb: &b [*a, *a]\nnodes: [*b, *b]\nname: bomb`],
  [['validate', '-'], 'deep', `name: deep\nnodes: ${'['.repeat(5_000)}`],
  [['validate', '-'], '!!js/function', 'name: a\nnodes: []\nx: !!js/function "alert(1)"'],
  [['validate', '-'], /standard input:2:\d+: .*"b"/, 'name: a\nnodes: [{ id: a, action: x, dependencies: [b] }]'],
  [['validate', '-'], 'Node "a" depends on itself;', 'name: a\nnodes: [{ id: a, action: x, dependencies: [a] }]'],
  [['validate', '-'], '2 errors in standard input.', 'name: a\nnodes: [{ id: a }, { id: b }]'],
  [
    ['validate', '-'],
    'There are 50 more errors; mend these first.\n150 errors in standard input.',
    `name: a\nnodes: []\n${'a: 1\n'.repeat(151)}`,
  ],
  [['graph', '-'], '\\u001b', 'name: a\nnodes: [{ id: a, action: x, dependencies: ["\\e[31m"] }]'],
]);

refuses(
  'inputs are JSON objects, and none is missing',
  {
    'list.json': '[1]',
    'bad.json': '{ "n": 1,, }',
    'null.json': 'null',
    'huge.json': '{ "n": 1e9999 }',
  },
  [
    [
      ['run', 'shop.yaml', '-a', 'actions.mjs'],
      'The input "n" is missing, which node "fetch" needs; give --input n=VALUE.\n',
    ],
    [
      [...run, '--inputs', 'list.json'],
      'The file list.json holds a list; --inputs takes an object of inputs by name.\n',
    ],
    [[...run, '--inputs', 'null.json'], 'The file null.json holds null; --inputs takes an object of inputs by name.\n'],
    [[...run, '--inputs', 'bad.json'], /^The file bad\.json is not JSON: .*\.\n$/],
    [['run', 'shop.yaml', '-a', 'actions.mjs', '--inputs', 'huge.json'], 'which JSON cannot hold'],
    [['run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=-1e9999'], 'which JSON cannot hold'],
  ],
);

refuses('a run has a name that can be stored', {}, [
  [[...run, '--run-id', ''], `The run's id "" is empty; write 1 to 1,000 characters.\n`],
  [[...run, '--run-id', 'x'.repeat(1_001)], 'has 1001 characters; write at most 1,000.\n'],
]);

refuses('without actions the option that is missing is named', {}, [
  [['run', 'a.yaml'], 'No actions are loaded: --actions MODULE names the module that exports them.\n'],
  [['run', 'a.yaml', '--actions', 'actions.mjs'], 'a.yaml:2:26: Node "a" has the unknown action "a"; known are'],
  [['validate', 'a.yaml', '--actions', 'actions.mjs'], 'Node "a" has the unknown action "a"'],
  [['run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=1', '--dag', 'a.yaml'], 'a.yaml:2:26: Node "a" has the unknown'],
]);

test('a file that may not be read is told so', async () => {
  const path = join(project(plain), 'a.yaml');
  chmodSync(path, 0);
  const isRoot = process.geteuid?.() === 0; // who may read everything
  if (isRoot) process.seteuid?.(65_534);
  try {
    await readText(path);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, UsageError);
    assert.is((error as Error).message, `The file ${path} may not be read by this user.`);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test('a file is read as far as it may be long', async () => {
  const path = join(project({ ten: '0123456789' }), 'ten');
  assert.is(await readText(path, 10), '0123456789');
  try {
    await readText(path, 9);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, `The file ${path} has more than 9 bytes.`);
  }
});

test('validate tells of every file, in its order', async () => {
  const cwd = project({ ...plain, 'b.yaml': 'name: b\nnodes: 5' });
  const { code, out, err } = await rxdag(['validate', 'a.yaml', 'b.yaml', 'nope.yaml', 'shop.yaml'], { cwd });
  assert.is(out, 'a.yaml: a is sound, 1 node\nshop.yaml: shop is sound, 4 nodes\n');
  assert.match(err, /^b\.yaml:2:8: [^]*\n1 error in b\.yaml\.\nThe file nope\.yaml does not exist\.\n$/);
  assert.is(code, 2);
});

test('an input that no node refers to is told, with the nearest that one does, and the run goes on', async () => {
  const { code, err } = await rxdag([...run, '--input', 'm=1'], { cwd: project(plain) });
  assert.is(err, 'warning: No node refers to the input "m"; did you mean "n"?\n');
  assert.is(code, 1);
});

test('every help has examples', async () => {
  for (const args of [
    ['--help'],
    ['-h'],
    ['help'],
    ['run', '--help'],
    ['help', 'run'],
    ['validate', '--help'],
    ['graph', '--help'],
    ['completion', '--help'],
    ...['runs', 'show', 'resume', 'answer', 'rerun', 'diff', 'export', 'serve', 'simulate'].map((name) => [
      name,
      '--help',
    ]),
    ...['submit', 'coordinate', 'worker', 'workers'].map((name) => [name, '--help']),
  ]) {
    const { code, out, err } = await rxdag(args);
    assert.match(out, /^Usage: rxdag.*[^]*\nExamples:\n {2}\S/, args.join(' '));
    assert.is(err, '');
    assert.is(code, 0);
  }
});

test('every option that the help names is one', async () => {
  const { out } = await rxdag(['run', '--help']);
  const options = [...out.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name);
  assert.equal(options, [
    'actions',
    'hooks',
    'input',
    'inputs',
    'parallel',
    'db',
    'no-cache',
    'remote',
    'key-file',
    'run-id',
    'dag',
    'answer',
    'dry-run',
    'viewer',
    'port',
    'json',
    'quiet',
    'help',
  ]);
});

test('--version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  for (const option of ['--version', '-V'])
    assert.equal(await rxdag([option]), { code: 0, out: `${version}\n`, err: '' });
});

test.run();
