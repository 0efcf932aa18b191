import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createInterface } from 'node:readline';
import { build, type BuildOptions } from 'esbuild';

const root = join(import.meta.dirname, '..', '..');

/** Where the built library lies: RXDAG_DIST, or `dist`. */
export const dist = resolve(root, process.env['RXDAG_DIST'] ?? 'dist');

/** Bundles a worker of this folder against the built library and gives the bundle's path: plain JavaScript, at full speed. */
export const bundle = async (name: string): Promise<string> => {
  const outfile = join(root, '.cache', 'simulation', `${basename(name)}.mjs`);
  await buildOn(true, { entryPoints: [join(import.meta.dirname, `${name}.ts`)], outfile });
  return outfile;
};

/** Bundles a script with the built library and all that it needs, so that a process of it is up in half the time. */
export const bundleWhole = async (script: string, outdir: string): Promise<string> => {
  const storeThread = join(dist, 'stores', 'sqlite', 'storeThread.js');
  const entryPoints = { script: join(root, script), storeThread };
  await buildOn(false, {
    entryPoints,
    outdir,
    packages: 'bundle',
    external: ['better-sqlite3', 'libsql'],
    minify: true,
    sourcemap: false,
  });
  return join(outdir, 'script.js');
};

const buildOn = async (external: boolean, options: BuildOptions): Promise<void> => {
  if (!existsSync(join(dist, 'index.js')))
    throw new Error(`There is no ${join(dist, 'index.js')}: run "npm run build" first.`);
  await build({
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [
      {
        name: 'built library',
        setup: ({ onResolve }) => {
          onResolve({ filter: /\/lib\/.*\.js$/ }, ({ path }) => {
            const file = join(dist, path.slice(path.indexOf('/lib/') + 5));
            return external ? { path: pathToFileURL(file).href, external } : { path: file };
          });
        },
      },
    ],
    ...options,
  });
};

/** Runs a bundle with plain node in a process of its own and hands over each JSON line that it prints. */
export const runBundle = (
  path: string,
  args: readonly string[],
  hear: (message: Record<string, unknown>) => void,
): { readonly done: Promise<void>; stop(): void } => {
  const child = spawn(process.execPath, ['--enable-source-maps', path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  createInterface({ input: child.stdout }).on('line', (line) => hear(JSON.parse(line) as Record<string, unknown>));
  const done = new Promise<void>((yes, no) => {
    child.on('error', no);
    child.on('close', (code, signal) =>
      code === 0 || child.killed
        ? yes()
        : no(
            new Error(
              `the worker died (${signal ?? `exit code ${code}`}) with ${args.join(' ')}: ${errors.slice(0, 4_000)}`,
            ),
          ),
    );
  });
  return { done, stop: () => void child.kill() };
};
