import { createRequire } from 'node:module';
import type { Piscina } from 'piscina';
import { DagError } from '../../define/DagError.js';

/** The peer that starts threads and ends them. Throws a `DagError` where it is not installed. */
export const loadPiscina = (): typeof Piscina => {
  const require = createRequire(import.meta.url);
  try {
    require.resolve('piscina');
  } catch {
    throw new DagError(
      'InvalidOptions',
      'rxdag/threads needs the package piscina, which is not installed beside rxdag: npm install piscina@5.',
    );
  }
  return (require('piscina') as { readonly Piscina: typeof Piscina }).Piscina;
};
