import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Heap } from '../../lib/state/Heap.js';
import { Vector, newOwner } from '../../lib/state/Vector.js';
import { random } from '../../lib/testing/index.js';
import { firstSeed } from '../simulation/seeds.js';

const vector = suite('Vector');

const listOf = <T>(items: Vector<T>): readonly T[] => Array.from({ length: items.size }, (_, i) => items.get(i));

vector('holds what was built, at every size around the width of its chunks', () => {
  for (const size of [0, 1, 15, 16, 17, 31, 32, 33, 255, 256, 257, 1_023, 1_024, 1_025, 4_097, 33_000])
    assert.equal(
      listOf(Vector.build(size, (i) => i * 2, newOwner())),
      Array.from({ length: size }, (_, i) => i * 2),
      `size ${size}`,
    );
});

vector('grows one by one through every depth', () => {
  const owner = newOwner();
  const items = Vector.empty<number>();
  for (let i = 0; i < 33_000; i++) {
    items.push(i, owner);
    if ((i & (i + 1)) === 0) assert.is(items.get(i), i);
  }
  assert.equal(
    listOf(items),
    Array.from({ length: 33_000 }, (_, i) => i),
  );
});

vector('lets two that share diverge: neither sees what the other changes', () => {
  const seed = firstSeed();
  const chance = random(seed);
  let owner = newOwner();
  const model = Array.from({ length: 700 }, (_, i) => i);
  const live = Vector.build(model.length, (i) => i, owner);
  const kept: (readonly [Vector<number>, readonly number[]])[] = [];
  for (let step = 0; step < 3_000; step++) {
    if (chance.chance(0.02)) {
      kept.push([live.share(), model.slice()]);
      owner = newOwner();
    } else if (chance.chance(0.3)) {
      model.push(step);
      live.push(step, owner);
    } else {
      const at = chance.int(0, model.length - 1);
      model[at] = -step;
      live.set(at, -step, owner);
    }
  }
  assert.equal(listOf(live), model, `seed ${seed}`);
  for (const [shared, then] of kept) assert.equal(listOf(shared), then, `seed ${seed}`);
});

vector.run();

const heap = suite('Heap');

heap('gives the least first, whatever order things come and go in', () => {
  const seed = firstSeed();
  const chance = random(seed);
  const items = new Heap<number>((a, b) => a < b);
  const model: number[] = [];
  for (let step = 0; step < 5_000; step++) {
    if (chance.chance(0.55)) {
      const item = chance.int(0, 999);
      items.push(item);
      model.push(item);
      model.sort((a, b) => a - b);
    } else assert.is(items.pop(), model.shift(), `seed ${seed}`);
    assert.is(items.peek(), model[0], `seed ${seed}`);
    assert.is(items.size, model.length);
  }
});

heap.run();
