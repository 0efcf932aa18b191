import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Camera } from '../../../lib/viewer/graph/Camera.js';

const test = suite('Camera');

const camera = (): Camera => {
  const made = new Camera();
  made.width = 800;
  made.height = 600;
  return made;
};
const near = (actual: number, expected: number): void => assert.ok(Math.abs(actual - expected) < 1e-6, `${actual}`);

test('keeps the point below the pointer in its place when it zooms', () => {
  const made = camera();
  made.pan(37, -12);
  const [x, y] = [made.worldX(300), made.worldY(200)];
  for (const factor of [1.7, 0.2, 30, 1e-9, 1e9]) {
    made.zoomAt(factor, 300, 200);
    near(made.worldX(300), x);
    near(made.worldY(200), y);
  }
});

test('does not zoom beyond its limits', () => {
  const made = camera();
  made.zoomAt(1e9, 0, 0);
  assert.is(made.scale, 4);
  made.zoomAt(1e-9, 0, 0);
  assert.is(made.scale, 0.02);
});

test('fits a box into the middle and enlarges nothing', () => {
  const made = camera();
  made.fit({ left: 100, top: 50, right: 200, bottom: 80 }, 0);
  assert.is(made.scale, 1);
  near(made.worldX(400), 150);
  near(made.worldY(300), 65);
  made.fit({ left: -1_000, top: 0, right: 3_000, bottom: 100 });
  const seen = made.seen();
  assert.ok(seen.left < -1_000 && seen.right > 3_000);
});

test('fits what is larger than the smallest zoom shows, and can zoom out to it again', () => {
  const made = camera();
  const box = { left: 0, top: 0, right: 1e6, bottom: 10 };
  made.fit(box);
  const { scale } = made;
  assert.ok(scale < 0.02);
  made.zoomAt(10, 0, 0);
  made.zoomAt(1e-9, 0, 0);
  assert.is(made.scale, scale);
});

test('reveals by the shortest way, and not at all what is seen', () => {
  const made = camera();
  made.reveal({ left: 100, top: 100, right: 200, bottom: 150 });
  assert.equal([made.x, made.y], [0, 0]);
  made.reveal({ left: 900, top: 100, right: 1_000, bottom: 150 });
  assert.is(made.y, 0);
  near(made.seen().right, 1_024);
  made.reveal({ left: -50, top: -30, right: 5_000, bottom: 0 });
  near(made.seen().left, -74);
  near(made.seen().top, -54);
});

test('stays finite in no room at all', () => {
  const made = new Camera();
  made.fit({ left: 0, top: 0, right: 0, bottom: 0 });
  made.reveal({ left: 5, top: 5, right: 9, bottom: 9 });
  assert.ok([made.x, made.y, made.scale].every(Number.isFinite));
  assert.ok(made.scale > 0);
});

test.run();
