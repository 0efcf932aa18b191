// weight: 3
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { command, temporaryFolder, type Outcome } from './support/command.js';

const runner = join(import.meta.dirname, 'run.mjs');
const support = join(import.meta.dirname, 'support');

/** Runs the runner on a new folder that holds copies of the named fixtures. */
const run = (
  files: Readonly<Record<string, string>>,
  options: { env?: Record<string, string>; args?: readonly string[] } = {},
): Promise<Outcome> => {
  const home = temporaryFolder('selftest');
  cpSync(join(support, 'skip.ts'), join(home, 'skip.ts'));
  for (const [name, fixture] of Object.entries(files)) {
    const target = join(home, 'spec', `${name}.spec.ts`);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(support, 'selftest', `${fixture}.ts`), target);
  }
  return command(process.execPath, [runner, ...(options.args ?? [])], {
    env: { CI: undefined, SPEC_DIR: join(home, 'spec'), ...options.env },
  });
};

const closing = (text: string): string | undefined => text.trimEnd().split('\n').at(-1);

const green = suite('a green run');

green('adds up honest specs over all workers', async () => {
  const { code, text } = await run({ a: 'honest', b: 'honest', 'deep/c': 'honest' });
  assert.is(code, 0, text);
  assert.match(text, /ok {3}deep\/c\.spec\.ts {2}\d+\.\d s {2}2 passed/);
  assert.is(closing(text), '6 passed, 0 failed, 0 skipped');
});

green('may skip outside CI, and says what and why', async () => {
  const { code, text } = await run({ a: 'skipped' });
  assert.is(code, 0, text);
  assert.match(text, 'skipped the rest: there is no rest');
  assert.is(closing(text), '1 passed, 0 failed, 1 skipped');
});

green('takes filters and leaves the simulation out on request', async () => {
  const files = { 'plan/a': 'honest', 'run/b': 'failing-assertion', 'simulation/c': 'failing-assertion' };
  const [filtered, fast] = await Promise.all([
    run(files, { args: ['plan/'] }),
    run(files, { args: ['--no-simulation', 'a.spec', 'c.spec'] }),
  ]);
  assert.is(closing(filtered.text), '2 passed, 0 failed, 0 skipped');
  assert.is(closing(fast.text), '2 passed, 0 failed, 0 skipped');
  assert.is(filtered.code, 0);
  assert.is(fast.code, 0);
});

green.run();

const red = suite('a red run');
const short = { SPEC_TIMEOUT_MS: '500' };
const cases: ReadonlyArray<readonly [fixture: string, says: RegExp, env?: Record<string, string>]> = [
  ['failing-assertion', /does not hold[\s\S]*Expected values to be strictly equal/],
  ['thrown-string', /threw a non-Error/],
  ['failing-before', /a hook threw/],
  ['failing-after-each', /a hook threw/],
  ['forgotten-run', /registered no suite/],
  ['no-test', /no test ran/],
  ['never-resolves', /suite still running after 500 ms/, short],
  ['blocked-loop', /no sign of life for 2750 ms/, short],
  ['leaked-interval', /open handles keep the process alive: Timeout/],
  ['unhandled-rejection', /unhandledRejection: Error: nobody listens/],
  ['late-throw', /uncaughtException: Error: too late to be caught/],
  ['early-exit', /process exited early/],
  ['killed', /the process died \(SIGKILL\)/],
  ['left-only', /\.only\( left in/, { CI: '1' }],
  ['skipped', /In CI nothing may be skipped/, { CI: '1' }],
];

for (const [fixture, says, env = {}] of cases)
  red(fixture, async () => {
    const { code, text } = await run({ bad: fixture }, { env });
    assert.is(code, 1, text);
    assert.match(text, says);
    assert.match(text, /FAIL bad\.spec\.ts/);
    assert.match(closing(text) ?? '', /^[01] passed, 1 failed, [01] skipped$/);
  });

red('one file does not stop the others', async () => {
  const { code, text } = await run({ a: 'killed', b: 'early-exit', c: 'honest' });
  assert.is(code, 1, text);
  assert.match(text, /ok {3}c\.spec\.ts/);
  assert.is(closing(text), '2 passed, 2 failed, 0 skipped');
});

red('no spec at all', async () => {
  const { code, text } = await run({ a: 'honest' }, { args: ['no-such-spec'] });
  assert.is(code, 1);
  assert.match(text, 'no test ran');
});

red.run();
