const COMPONENTS_MAX = 20;
const VISITS_MAX = 20_000_000;

/** Cycles among nodes, the first node of each again at its end, and how many groups of nodes with cycles there are in all. */
export interface Cycles {
  readonly cycles: ReadonlyArray<readonly number[]>;
  readonly groups: number;
}

/**
 * For each of the first 20 groups of nodes that all wait for each other, a shortest cycle: of the shortest ones the one
 * that begins with the first defined node. In a group so large that it takes more than its share of 20,000,000 visits
 * to edges, the shortest found by then. No node may depend on itself.
 */
export const shortestCycles = (depStart: Int32Array, deps: Int32Array): Cycles => {
  const componentOf = components(depStart, deps);
  const size = new Int32Array(componentOf.length);
  for (const component of componentOf) size[component]!++;
  const members = new Map<number, number[]>();
  componentOf.forEach((component, node) => {
    if (size[component]! < 2) return;
    const known = members.get(component);
    if (known === undefined) members.set(component, [node]);
    else known.push(node);
  });
  const groups = [...members.values()];
  const seen = new Int32Array(componentOf.length);
  const from = new Int32Array(componentOf.length);
  const queue = new Int32Array(componentOf.length);
  let stamp = 0;
  let visits = VISITS_MAX;

  /** The shortest cycle through a node of a component, if it has fewer than `limit` nodes. */
  const through = (source: number, limit: number): number[] | undefined => {
    const component = componentOf[source];
    stamp++;
    queue[0] = source;
    let tail = 1;
    for (let head = 0, length = 1; length < limit && head < tail; length++)
      for (const levelEnd = tail; head < levelEnd; head++) {
        const node = queue[head]!;
        for (let k = depStart[node]!; k < depStart[node + 1]!; k++) {
          visits--;
          const dep = deps[k]!;
          if (dep === source) {
            const cycle = [source];
            for (let at = node; at !== source; at = from[at]!) cycle.push(at);
            cycle.push(source);
            return cycle.toReversed();
          }
          if (componentOf[dep] !== component || seen[dep] === stamp) continue;
          seen[dep] = stamp;
          from[dep] = node;
          queue[tail++] = dep;
        }
      }
    return undefined;
  };

  const cycles = groups.slice(0, COMPONENTS_MAX).map((group, i, chosen) => {
    const enough = visits - visits / (chosen.length - i);
    let best: number[] | undefined;
    for (const node of group) {
      best = through(node, best === undefined ? Infinity : best.length - 1) ?? best;
      if (best!.length === 3 || visits < enough) break;
      componentOf[node] = -1; // All its cycles have been looked at.
    }
    return best!;
  });
  return { cycles, groups: groups.length };
};

/** Tarjan's strongly connected components without recursion: the component of each node. */
const components = (depStart: Int32Array, deps: Int32Array): Int32Array => {
  const n = depStart.length - 1;
  const componentOf = new Int32Array(n).fill(-1);
  const index = new Int32Array(n);
  const low = new Int32Array(n);
  const edge = new Int32Array(n);
  const path = new Int32Array(n);
  const stack = new Int32Array(n);
  let count = 0;
  let stacked = 0;
  for (let root = 0; root < n; root++) {
    if (index[root] !== 0) continue;
    let depth = 0;
    path[0] = root;
    while (depth >= 0) {
      const node = path[depth]!;
      if (index[node] === 0) {
        index[node] = low[node] = ++count;
        edge[node] = depStart[node]!;
        stack[stacked++] = node;
      }
      if (edge[node]! < depStart[node + 1]!) {
        const dep = deps[edge[node]!++]!;
        if (index[dep] === 0) path[++depth] = dep;
        else if (componentOf[dep] === -1) low[node] = Math.min(low[node]!, index[dep]!);
        continue;
      }
      if (low[node] === index[node]) {
        let top: number;
        do componentOf[(top = stack[--stacked]!)] = node;
        while (top !== node);
      }
      if (--depth >= 0) low[path[depth]!] = Math.min(low[path[depth]!]!, low[node]!);
    }
  }
  return componentOf;
};
