const BLOCKS = ' ▁▂▃▄▅▆▇█';

/** Numbers from 0 to `most` as a row of blocks, higher for more; whatever is above 0 shows. */
export const sparkline = (values: Iterable<number>, most: number): string =>
  Array.from(values, (value) => BLOCKS[Math.min(8, Math.ceil((value / most) * 8 - 1e-9))] ?? ' ').join('');
