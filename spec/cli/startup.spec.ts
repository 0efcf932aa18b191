import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { build, main, project } from '../support/cli.js';
import { command } from '../support/command.js';
import { shop } from './shop.js';

const LIMIT_MS = 250;
const node = process.execPath;

/** Names each module on standard error when it is looked up. */
const hooks = `
import { writeSync } from 'node:fs';
export const resolve = async (specifier, context, next) => {
  const found = await next(specifier, context);
  writeSync(2, 'loads ' + found.url + '\\n');
  return found;
};`;
const register = (url: string): string =>
  `data:text/javascript,${encodeURIComponent(`import { register } from 'node:module'; register(${JSON.stringify(url)});`)}`;

/** The packages that a command loads. */
const packagesOf = async (...args: readonly string[]): Promise<readonly string[]> => {
  await build();
  const cwd = project(shop);
  const loader = register(`data:text/javascript,${encodeURIComponent(hooks)}`);
  const { code, text } = await command(node, ['--no-warnings', '--import', loader, main, ...args], { cwd });
  assert.is(code, 0, text);
  const found = [...text.matchAll(/^loads file:.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(([, name]) => name!);
  return [...new Set(found)].sort();
};

const test = suite('start of rxdag');

test(`takes at most ${LIMIT_MS} ms of the processor`, async () => {
  await build();
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const line = `TIMEFORMAT='cpu %U %S'; time "${node}" "${main}" --help > /dev/null`;
    const { text } = await command('bash', ['-c', line], { env: { LC_ALL: 'C' } });
    const [, user, system] = /cpu (\S+) (\S+)/.exec(text) ?? [];
    times.push(1_000 * (Number(user) + Number(system)));
  }
  const median = times.sort((a, b) => a - b)[2]!;
  assert.ok(median > 0 && median <= LIMIT_MS, `${median} ms`);
});

test('loads no more than a command needs', async () => {
  for (const args of [['--help'], ['run', '--help'], ['--version'], ['completion', 'bash']])
    assert.equal(await packagesOf(...args), ['commander'], args.join(' '));
  const validate = await packagesOf('validate', 'shop.yaml');
  assert.ok(validate.includes('yaml') && validate.includes('io-ts'), 'it would be seen');
});

test.run();
