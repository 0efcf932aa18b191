/** A rectangle: `x`, `y` is its upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a label wants: to stand near a mark, on one of its sides. */
export interface Wish {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Where it may stand, best first. */
  readonly sides: readonly Side[];
}
export type Side = 'above' | 'below' | 'right' | 'left';

/** The gaps between mark and label that are tried, nearest first. */
const GAPS = [6, 10, 15, 21, 28];
/** How far a label above or below may be shifted sideways, in widths of its own, and one beside its mark up or down, in heights. */
const SHIFTS = [0, 0.2, -0.2, 0.4, -0.4];
const LIFTS = [0, -0.7, 0.7];

/** Costs more than any place: a label that finds none. */
const UNPLACED = 1000;

/**
 * Gives each wish a place inside `bounds` where it hides no other label and no obstacle, and as little ink as can be.
 * A label without any such place gets none: better no label than an unreadable one. Who chooses first matters, so each
 * wish is first once, and the best outcome wins.
 *
 * @param ink - How much of the drawing a box would hide, 0 for none.
 */
export const placeLabels = (
  wishes: readonly Wish[],
  {
    bounds,
    obstacles,
    ink,
  }: { readonly bounds: Box; readonly obstacles: readonly Box[]; readonly ink: (box: Box) => number },
): readonly (Box | undefined)[] => {
  const choices = wishes.map((wish) =>
    candidates(wish)
      .filter(({ box }) => contains(bounds, box) && !obstacles.some((obstacle) => overlaps(grown(box, 2), obstacle)))
      .map(({ box, cost }) => ({ box, cost: cost + ink(box) }))
      .sort((a, b) => a.cost - b.cost),
  );
  let best: { readonly boxes: readonly (Box | undefined)[]; readonly cost: number } = { boxes: [], cost: Infinity };
  for (const first of wishes.keys()) {
    const boxes: (Box | undefined)[] = wishes.map(() => undefined);
    let cost = 0;
    for (const index of [first, ...[...wishes.keys()].filter((other) => other !== first)]) {
      const found = choices[index]?.find(
        ({ box }) => !boxes.some((other) => other !== undefined && overlaps(grown(box, 2), other)),
      );
      boxes[index] = found?.box;
      cost += found?.cost ?? UNPLACED;
    }
    if (cost < best.cost) best = { boxes, cost };
  }
  return best.boxes;
};

const candidates = ({ x, y, width, height, sides }: Wish): readonly { readonly box: Box; readonly cost: number }[] =>
  sides.flatMap((side, preference) =>
    GAPS.flatMap((gap) => {
      const cost = preference * 6 + gap;
      if (side === 'right' || side === 'left')
        return LIFTS.map((lift) => ({
          box: { x: side === 'right' ? x + gap : x - gap - width, y: y - height / 2 + lift * height, width, height },
          cost: cost + Math.abs(lift) * 4,
        }));
      const top = side === 'above' ? y - gap - height : y + gap;
      return SHIFTS.map((shift) => ({
        box: { x: x - width / 2 + shift * width, y: top, width, height },
        cost: cost + Math.abs(shift) * 8,
      }));
    }),
  );

export const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const contains = (outer: Box, inner: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

const grown = ({ x, y, width, height }: Box, by: number): Box => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
});
