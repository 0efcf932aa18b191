import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { QueueKeys, ReadyQueue } from '../../lib/state/ReadyQueue.js';
import { random } from '../../lib/testing/index.js';
import { firstSeed } from '../simulation/seeds.js';

const test = suite('ready queue');

test('gives nodes by priority, rank and number, whatever is put in, moved and taken out', () => {
  const seed = firstSeed();
  console.log(`seed ${seed}`);
  for (let round = 0; round < 200; round++) {
    const r = random(seed + round);
    const keys = new QueueKeys();
    keys.reserve(1 + r.int(0, 399));
    const nodes = keys.place.length;
    const queues = [new ReadyQueue(keys), new ReadyQueue(keys)];
    const inside = [new Set<number>(), new Set<number>()];
    const least = (which: number): number | undefined =>
      [...inside[which]!].sort(
        (a, b) => keys.priority[b]! - keys.priority[a]! || keys.rank[b]! - keys.rank[a]! || a - b,
      )[0];
    for (let step = 0; step < 300; step++) {
      const node = r.int(0, nodes - 1);
      const which = node % 2;
      if (r.int(0, 2) > 0) {
        keys.priority[node] = r.int(0, 2);
        keys.rank[node] = r.int(0, 4) / 2;
        queues[which]!.put(node);
        inside[which]!.add(node);
      } else {
        const gone = r.chance(0.5) && inside[which]!.has(node) ? node : least(which);
        if (gone === undefined) continue;
        queues[which]!.remove(gone);
        inside[which]!.delete(gone);
        assert.is(keys.place[gone], 0);
      }
      for (const i of [0, 1]) assert.is(queues[i]!.first, least(i), `SEED=${seed + round}, step ${step}`);
    }
    for (const i of [0, 1])
      for (let first = queues[i]!.first; first !== undefined; first = queues[i]!.first) {
        assert.is(first, least(i), `SEED=${seed + round}`);
        queues[i]!.remove(first);
        inside[i]!.delete(first);
      }
    assert.equal(
      inside.map(({ size }) => size),
      [0, 0],
    );
  }
});

test.run();
