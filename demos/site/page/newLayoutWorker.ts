/** A worker that lays graphs out, as a file of its own beside the page. */
export const newLayoutWorker = (): Worker =>
  new Worker(new URL('../../../lib/layout/layoutWorker.ts', import.meta.url), { type: 'module' });
