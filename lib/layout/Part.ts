/**
 * A connected part of the graph, laid out by itself. Columns are known only by number until all parts have their place:
 * in a route c is the left edge of column c, c + 0.5 its right edge, c + 0.75 a place in the gap after it.
 */
export interface Part {
  readonly nodes: Int32Array;
  readonly edges: Int32Array;
  readonly columns: number;
  readonly height: number;
  /** Of each of `nodes`. */
  readonly column: Int32Array;
  readonly y: Float64Array;
  /** Of each of `edges`, as in a Layout, without the borders of boxes. */
  readonly routeStart: Int32Array;
  readonly route: readonly number[];
}
