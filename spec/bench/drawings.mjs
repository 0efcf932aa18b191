// What is counted of drawings: how often lines cross, and which of them pass under a node.
import ELK from 'elkjs/lib/elk.bundled.js';

export const WIDTH = 168;
export const HEIGHT = 40;

/** The line of each edge of a layout, as x and y of its points in turn. */
export const linesOf = ({ routeStart, route }) =>
  Array.from({ length: routeStart.length - 1 }, (_, edge) =>
    Array.from(route.subarray(2 * routeStart[edge], 2 * routeStart[edge + 1])),
  );

const elk = new ELK();

/** The lines that ELK's layered layout draws. */
export const linesOfElk = async ({ size, from, to }) => {
  const { edges } = await elk.layout({
    id: 'all',
    layoutOptions: { 'elk.algorithm': 'layered', 'elk.direction': 'RIGHT' },
    children: Array.from({ length: size }, (_, i) => ({ id: `n${i}`, width: WIDTH, height: HEIGHT })),
    edges: Array.from(from, (start, i) => ({ id: `e${i}`, sources: [`n${start}`], targets: [`n${to[i]}`] })),
  });
  return edges.map(({ sections }) =>
    sections.flatMap(({ startPoint, bendPoints = [], endPoint }) =>
      [startPoint, ...bendPoints, endPoint].flatMap(({ x, y }) => [x, y]),
    ),
  );
};

const partsOf = (lines) =>
  lines.flatMap((line, edge) =>
    Array.from({ length: Math.max(0, line.length / 2 - 1) }, (_, i) => {
      const [ax, ay, bx, by] = line.slice(2 * i, 2 * i + 4);
      return { edge, ax, ay, bx, by, left: Math.min(ax, bx), right: Math.max(ax, bx) };
    }),
  );

/** How often parts of lines of different edges cross; touching, and lying upon each other, does not count. */
export const crossingsOf = (lines) => {
  const parts = partsOf(lines).sort((p, q) => p.left - q.left);
  const side = ({ ax, ay, bx, by }, x, y) => {
    const turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    return Math.abs(turn) < 1e-3 * (Math.abs(bx - ax) + Math.abs(by - ay) + 1) ? 0 : Math.sign(turn);
  };
  let crossings = 0;
  let open = [];
  for (const part of parts) {
    open = open.filter(({ right }) => right >= part.left);
    for (const other of open)
      if (
        other.edge !== part.edge &&
        side(part, other.ax, other.ay) * side(part, other.bx, other.by) < 0 &&
        side(other, part.ax, part.ay) * side(other, part.bx, part.by) < 0
      )
        crossings++;
    open.push(part);
  }
  return crossings;
};

/**
 * How many edges pass under a node: a curve lies somewhere in the rectangle of its ends, so nothing but the ends' own nodes
 * may reach into that.
 */
export const edgesUnderNodes = (layout) => {
  const { x, y, from, to } = layout;
  const columns = new Map();
  x.forEach((at, node) => (columns.get(at) ?? columns.set(at, []).get(at)).push(node));
  for (const nodes of columns.values()) nodes.sort((a, b) => y[a] - y[b]);
  // Single precision is coarse in large drawings.
  const slack = 0.1 + Math.max(layout.width, layout.height) / 2 ** 22;
  const under = new Set();
  for (const { edge, ay, by, left, right } of partsOf(linesOf(layout))) {
    const [top, bottom] = [Math.min(ay, by), Math.max(ay, by)];
    for (const [at, nodes] of columns) {
      if (at - WIDTH / 2 >= right - slack || at + WIDTH / 2 <= left + slack) continue;
      let low = 0;
      for (let high = nodes.length; low < high;) {
        const middle = (low + high) >> 1;
        if (y[nodes[middle]] + HEIGHT / 2 <= top + slack) low = middle + 1;
        else high = middle;
      }
      for (; low < nodes.length && y[nodes[low]] - HEIGHT / 2 < bottom - slack; low++)
        if (nodes[low] !== from[edge] && nodes[low] !== to[edge]) under.add(edge);
    }
  }
  return under.size;
};
