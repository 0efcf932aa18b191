// A cache in a process of its own, beside others or killed by one.
// usage: node cached.mjs DIST FILE fill NAME COUNT   sets results NAME-0 …, and prints how many it could set and read again
//        node cached.mjs DIST FILE save COUNT        saves a cache of COUNT values again and again; prints each save's number
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, file, mode, ...rest] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { Cache } = await load('index.js');
const { SqliteCache } = await load('stores/sqlite/index.js');
const sqlite = new SqliteCache(file);

if (mode === 'fill') {
  const [name, count] = [rest[0], Number(rest[1])];
  let [set, found] = [0, 0];
  for (let i = 0; i < count; i++) {
    if ((await sqlite.set(`${name}-${i}`, { name, i }, 1)())._tag === 'Right') set++;
    const { right } = await sqlite.get(`${name}-${i}`)();
    if (right?.output.i === i) found++;
    if (i % 10 === 0) await new Promise((later) => setTimeout(later, 1));
  }
  writeSync(1, `${JSON.stringify({ set, found })}\n`);
} else {
  const count = Number(rest[0]);
  for (let n = 1; ; n++) {
    const cache = new Cache();
    for (let i = 0; i < count; i++) cache.insertValue(`node${i}`, 'value', { n, filler: 'x'.repeat(100) });
    const saved = await sqlite.save('doomed', cache)();
    if (saved._tag === 'Left') throw new Error(saved.left.message);
    writeSync(1, `${n}\n`);
  }
}
await sqlite.close();
process.exit(0);
