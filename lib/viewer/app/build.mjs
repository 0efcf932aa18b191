// Makes the page that rxdag serve and the reports show: one script, which is its own worker too, one style, one HTML file.
import { build } from 'esbuild';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { minify } from 'terser';

/** Bundles `dist/viewer/app` into `dist/viewer/page`; the script lies there as browsers take it, too: brotli and gzip. */
export const buildPage = async (lib, dist) => {
  const page = join(dist, 'viewer', 'page');
  mkdirSync(page, { recursive: true });
  const bundled = await bundle(join(dist, 'viewer', 'app', 'main.js'));
  const { code } = await minify(bundled, { module: true, ecma: 2022, format: { ascii_only: true } });
  // In a report the script stands in an element of its own, which no text in it may end.
  const script = code.replaceAll('</script', '<\\/script').replaceAll('<!--', '\\x3c!--');
  writeFileSync(join(page, 'app.js'), script);
  writeFileSync(join(page, 'app.js.gz'), gzipSync(script, { level: 9, memLevel: 9 }));
  writeFileSync(join(page, 'app.js.br'), brotliCompressSync(script));
  for (const name of ['index.html', 'page.css']) cpSync(join(lib, 'viewer', 'app', name), join(page, name));
};

const options = {
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  conditions: ['es2015'],
  legalComments: 'none',
  charset: 'ascii',
};

/** One script, in which files that are alike stand together: a compressor finds again what is near. */
const bundle = async (entry) => {
  const { metafile } = await build({ ...options, entryPoints: [entry], metafile: true, plugins: [withoutEffects] });
  const [{ inputs }] = Object.values(metafile.outputs);
  const used = Object.keys(inputs)
    .filter((path) => inputs[path].bytesInOutput > 0 && path.endsWith('.js') && !path.includes('node_modules'))
    .map((path) => resolve(path))
    .sort((a, b) => isStyle(b) - isStyle(a) || (a < b ? -1 : 1));
  const kept = new Set(used);
  const inOrder = {
    name: 'in order',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^[./]/ }, ({ path, resolveDir }) => {
        const file = resolve(resolveDir, path);
        return kept.has(file) ? { path: file, sideEffects: true } : undefined;
      }),
  };
  const { outputFiles } = await build({
    ...options,
    minify: true,
    stdin: { contents: [...used, entry].map((path) => `import ${JSON.stringify(path)};`).join('\n'), resolveDir: '/' },
    plugins: [withoutEffects, inOrder],
  });
  return outputFiles[0].text;
};

const isStyle = (path) => Number(/(?:Text|sheet)\.js$/.test(path));

/** What fp-ts and io-ts make when they are loaded changes nothing else: what of it is not used need not be there. */
const withoutEffects = {
  name: 'without effects',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/](?:io|fp)-ts[\\/]es6[\\/].*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replaceAll('/** @class */ (', '/* @__PURE__ */ (')
        .replace(/^(?:export )?var \w+ = (?!.*\bfunction\b).*$/gm, (line) =>
          line.replace(/(= |\(|, )((?:new )?\w+\()/g, '$1/* @__PURE__ */ $2'),
        ),
    })),
};
