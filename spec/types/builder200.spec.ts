// timeout: 180000
// weight: 3
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const NODES = 200;
const CHECK_SECONDS_MAX = 3;

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.cache', `builder-${process.pid}`);

/** Each node reads a neighbour, one far away, and one in between; every third has options that read as well. */
const source = (): string => {
  const nodes = Array.from({ length: NODES - 1 }, (_, before) => {
    const i = before + 1;
    const far = Math.max(0, i - 7);
    const between = i >> 1;
    const names = [...new Set([before, far, between])].map((k) => `n${k}`).join(', ');
    const inputs = `({ ${names} }) => ({ rows: n${before}.rows, count: n${far}.count, first: n${between}.rows[0].name })`;
    const options = i % 3 === 0 ? `, { tryCount: 2, when: ({ n${before} }) => n${before}.count }` : '';
    return `  .node('n${i}', step, ${inputs}${options})\n`;
  });
  return `import { action } from '../../lib/define/action.js';
import { dag } from '../../lib/define/dag.js';
import { input } from '../../lib/define/Handle.js';
import type { NodeContext } from '../../lib/define/NodeAction.js';

interface Row { readonly id: number; readonly name: string; readonly tags: readonly string[]; readonly at?: { readonly x: number } }
const start = action('start', ({ inputs }: NodeContext<{ url: string }>) => ({ rows: [] as Row[], count: inputs.url.length }));
const step = action('step', ({ inputs }: NodeContext<{ rows: readonly Row[]; count: number; first?: string }>) => ({ rows: [...inputs.rows], count: inputs.count }));
const long = dag('long')
  .node('n0', start, { url: input('url') })
${nodes.join('').trimEnd()};
export const { graph } = long;
// @ts-expect-error the types are still there at the end
long.node('x', step, ({ n${NODES} }) => ({ rows: n${NODES}.rows, count: 1 }));
`;
};

const test = suite(`${NODES} chained nodes`);
test.before(() => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'long.ts'), source());
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', compilerOptions: { rootDir: '../..', typeRoots: ['../../node_modules/@types'] }, include: ['long.ts'] }), // prettier-ignore
  );
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

test(`are type-checked in less than ${CHECK_SECONDS_MAX} s`, async () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', folder, '--extendedDiagnostics']);
  const seconds = Number(/^Check time:\s+([\d.]+)s$/m.exec(stdout)?.[1]);
  assert.ok(seconds < CHECK_SECONDS_MAX, `Check time: ${seconds} s`);
});

test.run();
