/**
 * What the nodes of a graph do: next to nothing, but each adds up what its dependencies came to. So the checksum at the end
 * is the right one only if every node ran once, after all that it waits for.
 */
export class Work {
  #nodes;
  #sums;
  #ran = 0;

  constructor(nodes) {
    this.#nodes = nodes;
    this.#sums = new Int32Array(nodes.length);
  }

  /** Does the work of the node with this index. */
  do(index) {
    let sum = index + 1;
    for (const parent of this.#nodes[index].parents) sum = (sum + this.#sums[parent]) | 0;
    this.#sums[index] = (this.#sums[index] + sum) | 0;
    this.#ran++;
  }

  /** Begins anew; gives what the run before came to. */
  take() {
    let checksum = this.#ran;
    for (const sum of this.#sums) checksum = (Math.imul(checksum, 31) + sum) | 0;
    this.#sums.fill(0);
    this.#ran = 0;
    return checksum;
  }
}

/** What a right run of a graph comes to. */
export const checksumOf = (nodes) => {
  const work = new Work(nodes);
  for (const { index } of nodes) work.do(index);
  return work.take();
};
