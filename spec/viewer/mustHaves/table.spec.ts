import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../../support/command.js';

const test = suite('must haves: the table');

const page = 'lib/viewer/README.md';

/** The rows of the table that says what shows each of them: number, text, and the files that it names. */
const rows = [...readFileSync(join(root, page), 'utf8').matchAll(/^\| (\d+) \| (.+?) \| (.+?) \|$/gm)].map(
  ([, number, text, shown]) => ({
    number: Number(number),
    text: text!,
    files: [...shown!.matchAll(/`([^`]+)`/g)].map(([, file]) => file!),
  }),
);

test('has twenty rows in order, each with a spec or a script that is there', () => {
  assert.equal(
    rows.map(({ number }) => number),
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
  for (const { number, files } of rows) {
    assert.ok(files.length > 0, `${number} is shown by nothing`);
    for (const file of files) {
      assert.match(file, /^spec\/.*(\.spec\.ts|\.mjs)$/, `${number}: ${file}`);
      assert.ok(existsSync(join(root, file)), `${number}: there is no ${file}`);
    }
  }
});

test('names every spec of this folder', () => {
  const named = new Set(rows.flatMap(({ files }) => files));
  const own = readdirSync(import.meta.dirname)
    .filter((name) => /\.spec\.ts$|\.mjs$/.test(name) && name !== 'table.spec.ts')
    .map((name) => `spec/viewer/mustHaves/${name}`);
  assert.ok(own.length > 10);
  assert.equal(
    own.filter((file) => !named.has(file)),
    [],
  );
});

test.run();
