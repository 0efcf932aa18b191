/** Where all is drawn. */
export interface Layout {
  /** Centres of the nodes' boxes. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** How many layers lie before a node's own, in its part of the graph. */
  readonly layer: Int32Array;
  /** The drawing's size; it begins at 0, 0 and has no margin. */
  readonly width: number;
  readonly height: number;
  /** The edges that the lines are of. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** The line of edge i is made of the points from number `routeStart[i]` to before number `routeStart[i + 1]`. A loop has none. */
  readonly routeStart: Int32Array;
  /** x and y of point p are at 2p and 2p + 1. Lines go from border to border and under no box. */
  readonly route: Float32Array;
}
