/**
 * The sign of each look as a path in a box of 16 by 16, in the order of `looks`. Strokes rather than letters, because
 * not every font has the letters.
 */
export const glyphPaths: readonly string[] = [
  'M8 3.5a4.5 4.5 0 1 0 .01 0z',
  'M8 3.5a4.5 4.5 0 1 0 .01 0zM8 5.8V8h2.2',
  'M5 3.5L9.5 8 5 12.5M9.5 3.5L14 8l-4.5 4.5',
  'M5.5 3.5v9L12.5 8z',
  'M3 8h.8M7.6 8h.8M12.2 8h.8',
  'M12.6 8.4a4.7 4.7 0 1 1-1.5-3.8M12.8 2.4v2.9H9.9',
  'M5.5 3.5v9M10.5 3.5v9',
  'M3 8.5l3.4 3.4L13 4.8',
  'M3 3h6.5v6.5H3zM6.5 12.8h6.3V6.5',
  'M4 4l8 8M12 4l-8 8',
  'M4 3h8M4 13h8M5.2 3v2l5.6 6v2M10.8 3v2l-5.6 6v2',
  'M2.5 11c1.2-5 7.6-6.4 9.8-1.6M13.2 5.4v4.2H9',
  'M8 3a5 5 0 1 0 .01 0zM4.6 11.4l6.8-6.8',
];
