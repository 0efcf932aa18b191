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
  /** Of each node the group that it is drawn with, in a box of their own, or -1; groups are 0 and up. */
  readonly groups?: Int32Array;
  /** Of each group the one whose box holds its box, or -1; without it none is in another. */
  readonly groupWithin?: Int32Array;
}
