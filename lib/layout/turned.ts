import type { Layout } from './Layout.js';

/** The same drawing with x and y exchanged. */
export const turned = (layout: Layout): Layout => ({
  ...layout,
  x: layout.y,
  y: layout.x,
  width: layout.height,
  height: layout.width,
  route: layout.route.map((_, i) => layout.route[i ^ 1]!),
});
