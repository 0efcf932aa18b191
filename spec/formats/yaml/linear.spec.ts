// timeout: 180000
// weight: 5
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromYaml } from '../../../lib/formats/yaml/index.js';

const test = suite('reading takes time in proportion');

/** A chain of nodes, eight lines each. */
const chain = (length: number): string =>
  `name: long\nnodes:\n${Array.from({ length }, (_, i) =>
    [
      `  - id: node${i}`,
      '    action: work',
      `    dependencies: [${i === 0 ? '' : `node${i - 1}`}]`,
      '    inputs:',
      '      - name: x',
      `        reference: ${i === 0 ? 'inputs.x' : `node${i - 1}.x`}`,
      '    timeout: 3600',
      '    try_count: 3',
    ].join('\n'),
  ).join('\n')}\n`;

const cpuMs = (text: string): number => {
  const before = process.cpuUsage();
  const result = fromYaml(text);
  const { user, system } = process.cpuUsage(before);
  assert.is(result._tag, 'Right');
  return (user + system) / 1_000;
};

/** The least of some tries, which take turns. */
const compared = (one: string, other: string): readonly [number, number] => {
  const least: [number, number] = [Infinity, Infinity];
  for (let tries = 0; tries < 3; tries++) {
    least[0] = Math.min(least[0], cpuMs(one));
    least[1] = Math.min(least[1], cpuMs(other));
  }
  return least;
};

test('twice as many nodes take less than three times as long', () => {
  cpuMs(chain(1_000));
  const [ms, twice] = compared(chain(10_000), chain(20_000));
  console.log(`10,000 nodes: ${Math.round(ms)} ms of CPU; 20,000: ${Math.round(twice)} ms`);
  assert.ok(twice < 3 * ms, `${ms} ms, then ${twice} ms`);
});

test.run();
