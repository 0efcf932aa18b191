/**
 * Edges cut into links between neighbouring layers. Where an edge passes a layer, it has a waypoint there. Where a node has
 * many long edges, they share their waypoints, so that they are drawn as one line that branches.
 */
export interface Strands {
  /** Nodes are the items 0 to size - 1, waypoints the rest. */
  readonly items: number;
  readonly layer: Int32Array;
  readonly linkFrom: Int32Array;
  readonly linkTo: Int32Array;
  /** How many edges a link is part of. */
  readonly linkWeight: Int32Array;
  /** The waypoints of edge i, from layer to layer: `first[i]`, `first[i] + step[i]`, ...; `first` is -1 for an edge that goes round. */
  readonly first: Int32Array;
  readonly step: Int8Array;
}

/** How many layers lines may pass in all, for each node and edge; the longest edges go round the outside where it is more. */
const WAYPOINTS = 8;
/** A node with so many long edges has one strand for them. */
const MANY = 24;

/** Cuts the edges of a layered graph. */
export const strandsOf = (layer: Int32Array, low: Int32Array, high: Int32Array): Strands => {
  const size = layer.length;
  const edges = low.length;
  const span = low.map((node, edge) => layer[high[edge]!]! - layer[node]!);
  const strand = strandOfEach(size, low, high, span);

  // Edges longer than `longest` have no waypoints.
  const passes = (longest: number): number => span.reduce((sum, each) => sum + (each > longest ? 0 : each - 1), 0);
  let longest = span.reduce((a, b) => Math.max(a, b), 1);
  while (passes(longest) > 100 + WAYPOINTS * (size + edges)) longest >>= 1;
  const length = new Int32Array(2 * size + edges);
  for (let edge = 0; edge < edges; edge++)
    if (span[edge]! <= longest) length[strand[edge]!] = Math.max(length[strand[edge]!]!, span[edge]! - 1);

  const base = new Int32Array(length.length + 1).fill(size);
  for (let each = 0; each < length.length; each++) base[each + 1] = base[each]! + length[each]!;
  const items = base[length.length]!;
  const layerOfItem = new Int32Array(items);
  layerOfItem.set(layer);
  // The links 0 to waypoints - 1 join each waypoint to the one before it on its strand, or to the strand's node.
  const waypoints = items - size;
  const linkFrom = new Int32Array(waypoints + edges);
  const linkTo = new Int32Array(waypoints + edges);
  const linkWeight = new Int32Array(waypoints + edges);
  for (let each = 0; each < length.length; each++) {
    if (length[each] === 0) continue;
    const isForward = each < size || each >= 2 * size;
    const node = each < size ? each : each < 2 * size ? each - size : low[each - 2 * size]!;
    for (let i = 0; i < length[each]!; i++) {
      const item = base[each]! + i;
      const before = i === 0 ? node : item - 1;
      layerOfItem[item] = layer[node]! + (isForward ? 1 + i : -1 - i);
      linkFrom[item - size] = isForward ? before : item;
      linkTo[item - size] = isForward ? item : before;
    }
  }

  const first = new Int32Array(edges).fill(-1);
  const step = new Int8Array(edges);
  let links = waypoints;
  for (let edge = 0; edge < edges; edge++) {
    if (span[edge]! > longest) continue;
    const each = strand[edge]!;
    const isForward = each < size || each >= 2 * size;
    const last = base[each]! + span[edge]! - 2;
    const isLong = span[edge]! > 1;
    first[edge] = isForward ? base[each]! : last;
    step[edge] = isForward ? 1 : -1;
    linkFrom[links] = isLong && isForward ? last : low[edge]!;
    linkTo[links] = isLong && !isForward ? last : high[edge]!;
    linkWeight[links++] = 1;
    if (isLong) linkWeight[last - size]!++;
  }
  // So far each edge is counted on the last link of its way on the strand; it goes over those before, too.
  for (let each = 0; each < length.length; each++)
    for (let link = base[each + 1]! - size - 2; link >= base[each]! - size; link--)
      linkWeight[link]! += linkWeight[link + 1]!;
  return {
    items,
    layer: layerOfItem,
    linkFrom: linkFrom.subarray(0, links),
    linkTo: linkTo.subarray(0, links),
    linkWeight: linkWeight.subarray(0, links),
    first,
    step,
  };
};

/** The strand of node n's outgoing edges has number n, that of its incoming ones size + n, that of edge e alone 2 size + e. */
const strandOfEach = (size: number, low: Int32Array, high: Int32Array, span: Int32Array): Int32Array => {
  const outs = new Int32Array(size);
  const ins = new Int32Array(size);
  span.forEach((length, edge) => {
    if (length < 2) return;
    outs[low[edge]!]!++;
    ins[high[edge]!]!++;
  });
  return span.map((_, edge) => {
    const [start, end] = [low[edge]!, high[edge]!];
    if (Math.max(outs[start]!, ins[end]!) < MANY) return 2 * size + edge;
    return outs[start]! >= ins[end]! ? start : size + end;
  });
};
