import { crossingCounter } from './crossingCounter.js';
import type { Ranked } from './Ranked.js';
import { swapNeighbours } from './swapNeighbours.js';

/** Items layer by layer, each layer from top to bottom, so that few lines cross; with more than `large` less is tried. */
export const orderOf = (
  ranked: Ranked,
  tries: number | undefined,
  isLate: () => boolean,
  large = LARGE,
): Int32Array => {
  const { items, layers, start } = ranked;
  const count = crossingCounter(ranked);
  const links = ranked.neighbours[0].length;
  const most = tries ?? Math.max(1, Math.min(TRIES, Math.floor(WORK / (items + links))));
  const sweeps = items > LARGE ? SWEEPS_OF_LARGE : SWEEPS;
  const order = new Int32Array(items);
  const place = new Int32Array(items);
  const kept = new Int32Array(items);
  const best = new Int32Array(items);
  const keys = new Float64Array(items);
  const old = new Int32Array(items);
  const random = randomFrom(items + links);
  let fewest = Infinity;

  const settle = (): void => {
    for (let layer = 0; layer < layers; layer++)
      for (let p = start[layer]!; p < start[layer + 1]!; p++) place[order[p]!] = p - start[layer]!;
  };

  /** Sorts each layer by where its items' neighbours in the layer that was sorted before are. */
  const sweep = (side: 0 | 1, turnsTies: boolean): void => {
    const ends = ranked.ends[side];
    const neighbours = ranked.neighbours[side];
    const weights = ranked.weights[side];
    const from = side === 0 ? 1 : layers - 2;
    const by = side === 0 ? 1 : -1;
    for (let layer = from; layer >= 0 && layer < layers; layer += by) {
      const first = start[layer]!;
      const width = start[layer + 1]! - first;
      if (width < 2) continue;
      const sorted = layer - by;
      const scale = (start[sorted + 1]! - start[sorted]!) / width;
      for (let p = 0; p < width; p++) {
        const item = order[first + p]!;
        let sum = 0;
        let weight = 0;
        for (let i = ends[item]!; i < ends[item + 1]!; i++) {
          sum += place[neighbours[i]!]! * weights[i]!;
          weight += weights[i]!;
        }
        const wish = weight === 0 ? p * scale : sum / weight;
        keys[p] = Math.round(wish * FINE) * width + (turnsTies ? width - 1 - p : p);
        old[p] = item;
      }
      keys.subarray(0, width).sort();
      for (let p = 0; p < width; p++) {
        const tie = keys[p]! % width;
        const item = old[turnsTies ? width - 1 - tie : tie]!;
        order[first + p] = item;
        place[item] = p;
      }
    }
  };

  for (let round = 0; round < most && fewest > 0 && (round === 0 || !isLate()); round++) {
    begin(ranked, round, order, random);
    settle();
    let few = Infinity;
    for (let i = 0, idle = 0; i < sweeps && idle < IDLE; i++) {
      sweep(((i + round) & 1) as 0 | 1, (i & 2) !== 0);
      if (items <= large) swapNeighbours(ranked, order, place, 1);
      const crossings = count(order, place);
      idle++;
      if (crossings >= few) continue;
      if (crossings < few * 0.99) idle = 0;
      few = crossings;
      kept.set(order);
      if (few === 0) break;
    }
    order.set(kept);
    settle();
    if (few > 0) {
      swapNeighbours(ranked, order, place);
      few = count(order, place);
    }
    if (few < fewest) {
      fewest = few;
      best.set(order);
    }
  }
  return best;
};

const TRIES = 24;
/** Items and links that may be tried in all. */
const WORK = 15_000;
const LARGE = 20_000;
const SWEEPS = 24;
const SWEEPS_OF_LARGE = 8;
const IDLE = 4;
/** Wishes that differ by less than one part of this are ties. */
const FINE = 64;

/** First by depth from the top, then from the bottom, then by chance. */
const begin = (ranked: Ranked, round: number, order: Int32Array, random: () => number): void => {
  const { items, layer, start } = ranked;
  const side = round === 1 ? 0 : 1;
  const roots = Array.from({ length: items }, (_, item) => item);
  if (round > 1)
    for (let i = items - 1; i > 0; i--) {
      const other = Math.floor(random() * (i + 1));
      [roots[i], roots[other]] = [roots[other]!, roots[i]!];
    }
  const next = start.slice(0, ranked.layers);
  const seen = new Uint8Array(items);
  const stack: number[] = [];
  const visit = (root: number): void => {
    stack.push(root);
    while (stack.length > 0) {
      const item = stack.pop()!;
      if (seen[item] === 1) continue;
      seen[item] = 1;
      order[next[layer[item]!]!++] = item;
      const { [side]: ends } = ranked.ends;
      for (let i = ends[item + 1]! - 1; i >= ends[item]!; i--) {
        const neighbour = ranked.neighbours[side][i]!;
        if (seen[neighbour] === 0) stack.push(neighbour);
      }
    }
  };
  const other = ranked.ends[1 - side]!;
  for (const item of roots) if (other[item + 1] === other[item]) visit(item);
  for (const item of roots) visit(item);
};

/** The same numbers each time, so that a graph is drawn the same each time. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};
