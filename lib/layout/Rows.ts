import { adjacencyOf } from './Adjacency.js';
import type { Clusters } from './Clusters.js';
import type { Ranked } from './Ranked.js';

/** The rows of all layers. A row holds one item or, in a layer too long for one column, several nodes side by side. */
export interface Rows {
  readonly count: number;
  /** Rows of layer l: `start[l]` to before `start[l + 1]`, from top to bottom. */
  readonly start: Int32Array;
  readonly height: Float64Array;
  /** 1 for a waypoint's row. */
  readonly isLine: Uint8Array;
  readonly rowOf: Int32Array;
  /** Of each item within its layer. */
  readonly columnOf: Int32Array;
  /** Links from row to row, sorted by the row they lead to, then by the one they come from: into row r from `ins[r]` on. */
  readonly from: Int32Array;
  readonly ins: Int32Array;
  /** The links that leave row r, by the row they lead to: `outs[outStart[r]]` and on. */
  readonly to: Int32Array;
  readonly outStart: Int32Array;
  readonly outs: Int32Array;
}

/** Lays the items of each layer out in rows of so many columns as the layer has; a row is of one cluster. */
export const rowsOf = (
  ranked: Ranked,
  order: Int32Array,
  columns: Int32Array,
  heights: Float32Array,
  size: number,
  clusters?: Clusters,
): Rows => {
  const { items, layers, start, ends, neighbours } = ranked;
  const rowOf = new Int32Array(items);
  const columnOf = new Int32Array(items);
  const rowStart = new Int32Array(layers + 1);
  const height = new Float64Array(items);
  const isLine = new Uint8Array(items);
  let count = 0;
  for (let layer = 0; layer < layers; layer++) {
    let row = -1;
    let filled = columns[layer]!;
    let last = -1;
    for (let p = start[layer]!; p < start[layer + 1]!; p++) {
      const item = order[p]!;
      if (item >= size) {
        isLine[count] = 1;
        rowOf[item] = count++;
        continue;
      }
      if (filled === columns[layer] || clusters?.of[item] !== clusters?.of[last]) {
        row = count++;
        filled = 0;
      }
      rowOf[item] = row;
      columnOf[item] = filled++;
      last = item;
      height[row] = Math.max(height[row]!, heights[item]!);
    }
    rowStart[layer + 1] = count;
  }

  // Links by the row they come from, then, as that sort keeps the order, by the row they lead to.
  const links = neighbours[1].length;
  const loose = { from: new Int32Array(links), to: new Int32Array(links) };
  const outsByRow = adjacencyOf(count, rowOf).list;
  let link = 0;
  for (const item of outsByRow)
    for (let i = ends[1][item]!; i < ends[1][item + 1]!; i++) {
      loose.from[link] = rowOf[item]!;
      loose.to[link++] = rowOf[neighbours[1][i]!]!;
    }
  const into = adjacencyOf(count, loose.to);
  const from = into.list.map((each) => loose.from[each]!);
  const to = into.list.map((each) => loose.to[each]!);
  const out = adjacencyOf(count, from);
  return {
    count,
    start: rowStart,
    height,
    isLine,
    rowOf,
    columnOf,
    from,
    to,
    ins: into.start,
    outStart: out.start,
    outs: out.list,
  };
};
