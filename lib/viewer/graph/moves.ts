import { RUNNING } from '../theme/looks.js';
import type { RunView } from '../view/RunView.js';
import type { Camera } from './Camera.js';
import type { Scene } from './Scene.js';

/** Item → the item of an older scene that showed the same, or that it came out of; -1 for new ones. */
export const oldItems = ({ drawing: { node, group }, groups }: Scene, old: Scene): Int32Array =>
  node.map((index, item) => old.drawing.itemOf[index >= 0 ? index : (groups[group[item]!]?.members[0] ?? -1)] ?? -1);

/** When all is put in a new order, what is selected or in the middle stays where it is on the screen. */
export const holdStill = (camera: Camera, scene: Scene, old: Scene, oldItem: Int32Array, selected: number): void => {
  const middleX = camera.worldX(camera.width / 2);
  const middleY = camera.worldY(camera.height / 2);
  let best = -1;
  let least = Infinity;
  const { x, y } = old.places;
  for (let item = 0; item < oldItem.length; item += 1) {
    const before = oldItem[item]!;
    if (before < 0) continue;
    const distance = before === selected ? -1 : (x[before]! - middleX) ** 2 + (y[before]! - middleY) ** 2;
    if (distance >= least) continue;
    best = item;
    least = distance;
  }
  if (best < 0) return;
  const before = oldItem[best]!;
  camera.x -= (scene.places.x[best]! - old.places.x[before]!) * camera.scale;
  camera.y -= (scene.places.y[best]! - old.places.y[before]!) * camera.scale;
};

/** Goes to an item that runs when none is in sight; tells whether it has. */
export const followRunning = (camera: Camera, scene: Scene, view: RunView): boolean => {
  const { itemOf } = scene.drawing;
  const { left, top, right, bottom } = camera.seen();
  let target = -1;
  for (let node = 0; node < itemOf.length; node += 1) {
    const item = itemOf[node]!;
    if (item < 0 || view.looks[node] !== RUNNING) continue;
    const [x, y] = [scene.x[item]!, scene.y[item]!];
    if (x > left && x < right && y > top && y < bottom) return false;
    if (target < 0) target = item;
  }
  if (target < 0) return false;
  camera.centreOn(scene.x[target]!, scene.y[target]!);
  return true;
};
