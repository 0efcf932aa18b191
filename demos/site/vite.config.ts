import { join } from 'node:path';
import { defineConfig } from 'vite';
import { siteFrame } from './siteFrame.js';

const root = import.meta.dirname;
const pages = ['hooks', 'timetravel', 'typeahead', 'traces', 'stress'];

// A static site of several pages: what is built needs no server of its own and may lie in any folder.
export default defineConfig(({ command }) => ({
  root,
  base: './',
  publicDir: false,
  plugins: [siteFrame()],
  resolve: {
    conditions: ['es2015', 'module', 'browser', command === 'build' ? 'production' : 'development'],
    // demos/typeahead reads its movies with Node; here the page fetches them and hands them over.
    alias: [{ find: /^node:(fs|module)$/, replacement: join(root, 'typeahead', 'fetchedFile.ts') }],
  },
  server: { fs: { allow: [join(root, '..', '..')] } },
  worker: { format: 'es' },
  build: {
    outDir: join(root, '..', '..', 'dist-demos'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['.', ...pages].map((page) => join(root, page, 'index.html')),
    },
  },
}));
