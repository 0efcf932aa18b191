/** What is read of a graph to order it. */
export interface OrderedGraph {
  readonly size: number;
  depsOf(index: number): readonly number[];
  outsOf(index: number): readonly number[];
}

/** All nodes after those that they depend on, with what a node made possible right below it where that can be. */
export const dependencyOrder = ({ size, depsOf, outsOf }: OrderedGraph): Int32Array => {
  const order = new Int32Array(size);
  const open = new Int32Array(size);
  const stack: number[] = [];
  for (let index = size - 1; index >= 0; index--) {
    open[index] = depsOf(index).length;
    if (open[index] === 0) stack.push(index);
  }
  let count = 0;
  for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
    order[count++] = index;
    const outs = outsOf(index);
    for (let i = outs.length - 1; i >= 0; i--) {
      const out = outs[i]!;
      if (--open[out]! === 0) stack.push(out);
    }
  }
  return order.subarray(0, count);
};
