/** A layer of more nodes than this may be split into columns. */
const LONG = 60;
/** How many times higher than wide a part must be before its layers are split, and how much wider than high it then is. */
const TOO_HIGH = 3;
const ASPECT = 1.6;

/** In how many columns each layer is drawn: 1, unless the drawing would be far too high. */
export const columnsOf = (nodes: Int32Array, columnWidth: number, rowHeight: number): Int32Array => {
  const columns = new Int32Array(nodes.length).fill(1);
  const longest = nodes.reduce((a, b) => Math.max(a, b), 0);
  if (longest <= LONG || longest * rowHeight < TOO_HIGH * nodes.length * columnWidth) return columns;
  let few = 1;
  for (let many = longest; few < many;) {
    const rows = (few + many) >> 1;
    const width = nodes.reduce((sum, count) => sum + Math.ceil(count / rows), 0) * columnWidth;
    if (width > ASPECT * rows * rowHeight) few = rows + 1;
    else many = rows;
  }
  return columns.map((_, layer) => Math.max(1, Math.ceil(nodes[layer]! / few)));
};
