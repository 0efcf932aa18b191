import { formatWithOptions, inspect } from 'node:util';
import type { Site } from './docs.js';

const recorded = new Map<number, Site[]>();
const format = { breakLength: Infinity, depth: 10, compact: 10 };

/** Sets what a block has promised. */
export const expectSites = (block: number, sites: Site[]): void => void recorded.set(block, sites);

/** What a block calls in the place of a statement that ends in `// => text`. */
export const recorder = (block: number) => ({
  value: <T>(site: number, value: T): T => {
    record(block, site, inspect(value, format));
    return value;
  },
  log: (site: number, ...values: readonly unknown[]): void => record(block, site, formatWithOptions(format, ...values)),
});

const record = (block: number, site: number, text: string): void => {
  const lines = text.replaceAll('[Object: null prototype] ', '').split('\n');
  recorded.get(block)?.[site]?.actual.push(...lines);
};
