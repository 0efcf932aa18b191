import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NodeList } from '../../lib/state/NodeList.js';
import type { NodeRecord } from '../../lib/state/NodeRecord.js';
import { NodeRecords } from '../../lib/state/NodeRecords.js';
import { random } from '../../lib/testing/index.js';
import { firstSeed } from '../simulation/seeds.js';

const test = suite('Nodes of a working state');

const record = (attempt: number): NodeRecord => ({
  owner: 0,
  spec: { id: 'n', action: 'a' },
  status: 0,
  attempt,
  startedAt: undefined,
  endedAt: undefined,
  output: undefined,
  extra: undefined,
});
const attemptsIn = (nodes: NodeList): readonly number[] =>
  Array.from({ length: nodes.size }, (_, index) => nodes.get(index).attempt);

test('what was shared stays as it was, whatever is put afterwards, into either', () => {
  const seed = firstSeed();
  console.log(`seed ${seed}`);
  const chance = random(seed);
  for (let round = 0; round < 40; round++) {
    const nodes = new NodeRecords();
    const wanted: number[] = [];
    const shared: { readonly list: NodeList; readonly was: number[] }[] = [];
    // Rounds differ in how often they share: at each step, or never for thousands.
    const rarely = 10 ** chance.int(0, 3);
    for (let step = 0; step < 4_000; step++) {
      const list = shared.length > 0 && chance.int(0, 9) === 0 ? shared[chance.int(0, shared.length - 1)]! : undefined;
      const [into, was] = list === undefined ? [nodes, wanted] : [list.list, list.was];
      if (was.length === 0 || (was.length < 300 && chance.int(0, 3) === 0)) {
        into.push(record(step), 0);
        was.push(step);
      } else {
        const index = chance.int(0, was.length - 1);
        into.set(index, record(step), 0);
        was[index] = step;
      }
      const { length } = was;
      const looked = chance.int(0, length - 1);
      assert.is(into.get(looked).attempt, was[looked], `seed ${seed}, round ${round}, step ${step}`);
      if (chance.int(1, rarely) === 1 && shared.length < 200) shared.push({ list: into.share(), was: was.slice() });
    }
    assert.equal(attemptsIn(nodes), wanted, `seed ${seed}, round ${round}`);
    for (const { list, was } of shared) assert.equal(attemptsIn(list), was, `seed ${seed}, round ${round}`);
  }
});

test.run();
