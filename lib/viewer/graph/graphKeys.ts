import { neighbour, type Direction } from './neighbour.js';
import type { Scene } from './Scene.js';

/** What the keys of the graph do. */
export interface KeyTarget {
  go(item: number): void;
  toggle(): void;
  fit(): void;
  centre(): void;
  zoomIn(): void;
  zoomOut(): void;
  natural(): void;
  upstream(): void;
  downstream(): void;
}

const directions = new Map<string, Direction>([
  ['ArrowLeft', 'left'],
  ['ArrowRight', 'right'],
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
  ['Home', 'first'],
  ['End', 'last'],
]);

const actions = new Map<string, Exclude<keyof KeyTarget, 'go'>>([
  ['Enter', 'toggle'],
  ['f', 'fit'],
  ['c', 'centre'],
  ['+', 'zoomIn'],
  ['=', 'zoomIn'],
  ['-', 'zoomOut'],
  ['0', 'natural'],
  ['u', 'upstream'],
  ['d', 'downstream'],
]);

/** Does what a key means; false for a key that means nothing here. */
export const graphKeys = (key: string, scene: Scene, selected: number, target: KeyTarget): boolean => {
  const direction = directions.get(key);
  const action = actions.get(key);
  if (direction !== undefined) {
    const item = neighbour(scene, selected, direction);
    if (item >= 0) target.go(item);
  } else if (action !== undefined) target[action]();
  return direction !== undefined || action !== undefined;
};
