import type { RunView } from '../view/RunView.js';
import type { Scene } from './Scene.js';

/** Per item 1 where one of its nodes is marked by every mask; undefined where there is no mask. */
export const standOut = (scene: Scene, ...masks: readonly (Uint8Array | undefined)[]): Uint8Array | undefined => {
  const set = masks.filter((mask) => mask !== undefined);
  if (set.length === 0) return undefined;
  const { itemOf, count } = scene.drawing;
  const lit = new Uint8Array(count);
  for (let node = 0; node < itemOf.length; node += 1) {
    const item = itemOf[node]!;
    if (item >= 0 && set.every((mask) => mask[node] === 1)) lit[item] = 1;
  }
  return lit;
};

/** The critical path, if that is what is highlighted; of the nodes that were marked, as the path may go on. */
export const highlightedPath = (view: RunView): readonly number[] =>
  view.highlightKind === 'critical' ? view.critical.path.filter((node) => view.highlight?.[node] === 1) : [];

/** The items that show some nodes. */
export const itemsOf = ({ drawing: { itemOf } }: Scene, nodes: readonly number[]): Set<number> => {
  const items = new Set<number>();
  for (const node of nodes) {
    const item = itemOf[node];
    if (item !== undefined && item >= 0) items.add(item);
  }
  return items;
};
