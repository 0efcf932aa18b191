// Builds dist from nothing: first what runs everywhere, without Node's types, then what needs Node. The declarations then name fp-ts directly: the map #fp-ts/* serves running code, and a
// tool that has only the files of this package cannot follow it into another one.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPage } from './viewer/app/build.mjs';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
try {
  for (const project of ['tsconfig.json', 'tsconfig.node.json'])
    execFileSync(process.execPath, [tsc, '-p', join(import.meta.dirname, project)], { stdio: 'inherit' });
} catch {
  process.exit(1);
}
for (const file of readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
  const path = join(dist, file);
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/(["'])#fp-ts\/(\w+)\1/g, '$1fp-ts/lib/$2.js$1'));
}
await buildPage(import.meta.dirname, dist);
chmodSync(join(dist, 'cli', 'main.js'), 0o755);
