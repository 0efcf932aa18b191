import type { Links } from '../view/Links.js';

/** All nodes after those that they depend on, with what a node made possible right below it where that can be. */
export const dependencyOrder = ({ depStart, outStart, outs }: Links): Int32Array => {
  const size = depStart.length - 1;
  const order = new Int32Array(size);
  const open = new Int32Array(size);
  const stack: number[] = [];
  for (let index = size - 1; index >= 0; index--) {
    open[index] = depStart[index + 1]! - depStart[index]!;
    if (open[index] === 0) stack.push(index);
  }
  let count = 0;
  for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
    order[count++] = index;
    for (let k = outStart[index + 1]! - 1; k >= outStart[index]!; k--)
      if (--open[outs[k]!]! === 0) stack.push(outs[k]!);
  }
  return order.subarray(0, count);
};
