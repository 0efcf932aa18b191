// weight: 3
import { existsSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { build, main, project, rxdag } from '../support/cli.js';
import { command, type Outcome } from '../support/command.js';
import { skip } from '../support/skip.js';

const files = {
  'p.yaml': `name: p\nnodes:\n${Array.from({ length: 400 }, (_, i) => `  - { id: n${i}, action: a }\n`).join('')}`,
  'a.mjs': `export const a = () => 'x'.repeat(100);`,
};

const shell = async (line: string, all: Readonly<Record<string, string>> = files): Promise<Outcome> => {
  await build();
  const rx = `"${process.execPath}" "${main}"`;
  return command('bash', ['-c', line.replaceAll('rxdag ', `${rx} `)], { cwd: project(all) });
};

const disk = suite('output that has no room');

if (existsSync('/dev/full')) {
  for (const args of ['graph p.yaml', '--help', 'run p.yaml -a a.mjs', 'run p.yaml -a a.mjs --json'])
    disk(`is told and is no success: ${args}`, async () => {
      const { code, text } = await shell(`rxdag ${args} > /dev/full`);
      assert.is(code, 1, text);
      assert.match(text, /^Standard output can't be written: no space left on device\.$/m);
      assert.not.match(text, /^ +at /m);
    });
  disk('is told where only its end is lost', async () => {
    const { code, text } = await shell('ulimit -f 8; rxdag graph p.yaml > graph.dot');
    assert.equal([code, text], [1, "Standard output can't be written: file too large.\n"]);
  });
  disk('does no harm to a run where it is standard error', async () => {
    const { code, text } = await shell(`rxdag run p.yaml -a a.mjs --input unused=1 2> /dev/full`);
    assert.is(code, 0, text);
    assert.match(text, /✔ p succeeded/);
  });
} else skip(disk, 'output that has no room', 'there is no /dev/full');

disk.run();

const pure = suite('JSON');

pure('has standard output for itself, whatever a module prints and whenever', async () => {
  const { code, out, err } = await rxdag(['run', 'p.yaml', '-a', 'a.mjs', '-k', 'h.mjs', '--json'], {
    cwd: project({
      'p.yaml': 'name: p\nnodes: [{ id: a, action: a }]',
      'a.mjs': `
console.log('imported');
process.on('exit', () => console.log('left'));
export const a = () => { console.log('called'); setInterval(() => console.log('later'), 1); return 1; };`,
      'h.mjs': `export const h = { get name() { console.log('named'); return 'h'; }, onStart() {} };`,
    }),
  });
  assert.is(code, 0, err);
  for (const line of out.trimEnd().split('\n')) JSON.parse(line);
  for (const printed of ['imported', 'named', 'called', 'left']) assert.match(err, printed);
});

pure('is written although a module takes standard output away', async () => {
  const { code, out } = await rxdag(['run', 'p.yaml', '-a', 'a.mjs'], {
    cwd: project({
      'p.yaml': 'name: p\nnodes: [{ id: a, action: a }]',
      'a.mjs': `process.stdout.write = () => true; export const a = () => 1;`,
    }),
  });
  assert.is(code, 0);
  assert.match(out, '✔ p succeeded');
});

pure('steers no terminal', async () => {
  const cwd = project({
    'p.yaml': 'name: p\nnodes: [{ id: "a\\u009b31m\\u2028", action: a, description: "\\u202e\\u007f" }]',
    'a.mjs': files['a.mjs'],
  });
  for (const args of [
    ['graph', 'p.yaml', '--format', 'json'],
    ['run', 'p.yaml', '-a', 'a.mjs', '--dry-run', '--json'],
  ]) {
    const { out } = await rxdag(args, { cwd });
    assert.not.match(out, /[\x7f-\x9f\u2028\u202e]/);
    assert.match(JSON.stringify(JSON.parse(out)), '31m');
  }
});

pure.run();
