// Runs with newer Nodes the specs of what depends on Node: files (the store then uses its own SQLite), threads, telemetry. Ends at the first that
// fails. They are installed below .cache, not as dependencies: `npm run` would silently take such a Node for its own. Needs a build.
// usage: node spec/nodes.mjs
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const VERSIONS = ['22.23.3', '24.21.0'];
const FILTERS = [
  'stores/',
  'guarantees/G11',
  'cli/stored',
  'remote/threads',
  'remote/worker/startWorker',
  'remote/redis/redisStore',
  'otel',
];
const KILL_CYCLES = '30';

const root = join(import.meta.dirname, '..');
const name = `node-${process.platform}-${process.arch}`;

const run = (file, args, env = {}) => {
  const { status, error } = spawnSync(file, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(1);
};

for (const version of VERSIONS) {
  const folder = join(root, '.cache', `node-${version}`);
  const node = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(node)) run('npm', ['install', '--silent', '--no-audit', '--prefix', folder, `${name}@${version}`]);
  console.log(`\nNode ${version}`);
  run(node, ['spec/run.mjs', ...FILTERS], { KILL_CYCLES });
}
