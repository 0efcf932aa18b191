/** Which items are drawn together in boxes, and which boxes lie in which; -1 is the drawing itself. */
export interface Clusters {
  /** Item → the innermost cluster that it is in. */
  readonly of: Int32Array;
  /** Cluster → the one around it. */
  readonly within: Int32Array;
  /** How many clusters are around a cluster, and itself. */
  readonly depth: Int32Array;
}

/** How deep each cluster lies. Of clusters that lie in each other the first is taken out of the others. */
export const depthsOf = (within: Int32Array): Int32Array => {
  const depth = new Int32Array(within.length);
  const way: number[] = [];
  for (let cluster = 0; cluster < within.length; cluster++) {
    for (let at = cluster; at >= 0 && depth[at] === 0; at = within[at]!) {
      depth[at] = -1;
      way.push(at);
      if (within[at]! >= 0 && depth[within[at]!] === -1) within[at] = -1;
    }
    for (let at = way.pop(); at !== undefined; at = way.pop())
      depth[at] = within[at]! < 0 ? 1 : depth[within[at]!]! + 1;
  }
  return depth;
};

/** The innermost cluster that holds two clusters, or -1. */
export const commonOf = ({ within, depth }: Omit<Clusters, 'of'>, a: number, b: number): number => {
  let [one, other] = [a, b];
  while (one !== other) {
    const [first, second] = [one < 0 ? 0 : depth[one]!, other < 0 ? 0 : depth[other]!];
    if (first >= second) one = within[one]!;
    if (second >= first) other = within[other]!;
  }
  return one;
};

/** Of the clusters around another one, and itself, the one that lies directly in `outer`. */
export const directlyIn = ({ within }: Clusters, cluster: number, outer: number): number => {
  let at = cluster;
  while (within[at] !== outer) at = within[at]!;
  return at;
};
