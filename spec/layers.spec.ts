import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { brokenRules } from './support/layers.js';

const lib = join(import.meta.dirname, '..', 'lib');

const test = suite('layers');

test('lib keeps every rule', () => {
  const files = readdirSync(lib, { recursive: true })
    .map((file) => String(file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'));
  assert.ok(files.length > 0);
  const broken = brokenRules(new Map(files.map((file) => [file, readFileSync(join(lib, file), 'utf8')])));
  assert.is(broken.join('\n'), '');
});

const broken = (sources: Record<string, string>): string[] => brokenRules(new Map(Object.entries(sources)));

test('imports go one way', () => {
  assert.equal(
    broken({
      'model/A.ts': `import { b } from '../plan/b.js';`,
      'plan/b.ts': `import type { A } from '../model/A.js';\nimport { run } from "../run/run.js";`,
      'define/c.ts': `export {\n  d,\n} from '../state/d.js';`,
      'state/d.ts': `export type { H } from '../hooks/h.js';`,
      'hooks/h.ts': `const late = () => import('../run/run.js');\nimport '../stores/s.js';`,
      'run/run.ts': `import type { x } from '../index.js';`,
      'stores/s.ts': `import { type E } from '../run/EventStore.js';\nimport { p } from '../plan/p.js';`,
      'testing/index.ts': `import { x } from '../index.js';\nimport { r } from '../run/r.js';`,
      'index.ts': `export { b } from './plan/b.js';\nexport type { t } from './testing/index.js';`,
      'elsewhere/e.ts': '',
    }).map((line) => line.replace(/;.*/, '')),
    [
      'model/A.ts: imports plan/b.ts',
      'plan/b.ts: imports run/run.ts',
      'define/c.ts: imports state/d.ts',
      'state/d.ts: imports hooks/h.ts',
      'hooks/h.ts: imports stores/s.ts',
      'hooks/h.ts: imports run/run.ts',
      'run/run.ts: imports index.ts',
      'stores/s.ts: imports plan/p.ts',
      'testing/index.ts: imports run/r.ts',
      'index.ts: imports testing/index.ts',
      'elsewhere/e.ts: lies in no known layer',
    ],
  );
});

test('model, plan and state know no rxjs, clock, timer or chance', () => {
  assert.equal(
    broken({
      'state/a.ts': `import { of } from 'rxjs';\nexport const now = () => Date.now() + Math.random();`,
      'state/b.ts': `// Date.now() is not used here\n/** nor Math.random() */\nexport const b = 1;`,
      'plan/c.ts': `setTimeout(() => crypto.randomUUID());`,
      'run/d.ts': `import { of } from 'rxjs';\nexport const now = Date.now();`,
    }),
    [
      'state/a.ts: uses Date.now, though state is pure',
      'state/a.ts: uses Math.random, though state is pure',
      'state/a.ts: imports rxjs, though state is pure',
      'plan/c.ts: uses setTimeout, though plan is pure',
      'plan/c.ts: uses randomUUID, though plan is pure',
    ],
  );
});

test('only run, hooks and testing subscribe', () => {
  assert.equal(
    broken({
      'define/a.ts': 'x$.subscribe(f);',
      'run/b.ts': 'x$.subscribe(f);',
      'hooks/c.ts': 'x$.subscribe();',
      'testing/d.ts': 'x$.subscribe();',
    }),
    ['define/a.ts: subscribes; define only describes'],
  );
});

test('no file imports itself through others, types aside', () => {
  assert.equal(
    broken({
      'run/a.ts': `import { b } from './b.js';`,
      'run/b.ts': `import { c } from './c.js';`,
      'run/c.ts': `import { a } from './a.js';`,
      'run/d.ts': `import type { E } from './e.js';`,
      'run/e.ts': `import { d } from './d.js';`,
    }),
    ['run/a.ts: imports itself through run/a.ts -> run/b.ts -> run/c.ts -> run/a.ts'],
  );
});

test('fp-ts comes through its map, io-ts through its root', () => {
  assert.equal(
    broken({
      'run/a.ts': `import * as E from 'fp-ts/lib/Either.js';\nimport * as O from '#fp-ts/Option';\nimport * as t from 'io-ts';\nimport { P } from 'io-ts/PathReporter';`,
    }),
    [
      'run/a.ts: imports fp-ts/lib/Either.js; write #fp-ts/<module>',
      'run/a.ts: imports io-ts/PathReporter; only the root of io-ts works everywhere',
    ],
  );
});

test('files are named after a thing and end within 300 lines', () => {
  assert.equal(
    broken({
      'run/utils.ts': '',
      'model/types.ts': '',
      'run/helpers/x.ts': '',
      'run/typesOfRun.ts': '',
      'run/long.ts': 'x;\n'.repeat(301),
      'run/fits.ts': 'x;\n'.repeat(300),
    }),
    [
      'run/utils.ts: is a drawer, not a thing: name it after what it holds',
      'model/types.ts: is a drawer, not a thing: name it after what it holds',
      'run/helpers/x.ts: is a drawer, not a thing: name it after what it holds',
      'run/long.ts: has 301 lines, more than 300',
    ],
  );
});

test.run();
