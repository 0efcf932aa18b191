// Makes the page that rxdag serve and the reports show: one script, which is its own worker too, one style, one HTML file.
import { build } from 'esbuild';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bundles `dist/viewer/app` into `dist/viewer/page`. */
export const buildPage = async (lib, dist) => {
  const page = join(dist, 'viewer', 'page');
  mkdirSync(page, { recursive: true });
  const script = join(page, 'app.js');
  await build({
    entryPoints: [join(dist, 'viewer', 'app', 'main.js')],
    outfile: script,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['es2015'],
    legalComments: 'none',
    charset: 'ascii',
  });
  // In a report the script stands in an element of its own, which no text in it may end.
  writeFileSync(
    script,
    readFileSync(script, 'utf8').replaceAll('</script', '<\\/script').replaceAll('<!--', '\\x3c!--'),
  );
  for (const name of ['index.html', 'page.css']) cpSync(join(lib, 'viewer', 'app', name), join(page, name));
};
