/** A graph as the layout sees it: numbers only, so that nobody's ids can do anything to it. */
export interface LayoutGraph {
  /** The nodes are 0 to size - 1. */
  readonly size: number;
  /** Edge i leads from the dependency `from[i]` to the dependent `to[i]`. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Of each node's box; without them all are of the size that the options tell. */
  readonly widths?: Float32Array;
  readonly heights?: Float32Array;
}
