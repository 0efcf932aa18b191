// timeout: 60000
import { networkInterfaces } from 'node:os';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore, type EventStore } from '../../lib/index.js';
import { pageOf, readPage, startServer } from '../../lib/server/index.js';
import { temporaryFolder } from '../support/command.js';
import type { ListedRun } from '../../lib/viewer/source/ListedRun.js';
import { Following } from './Following.js';
import { held, raw, request, serving } from './serving.js';

const test = suite('answers of the server');

const sleep = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, ms));

test('every answer has the same headers, which let in nothing', async () => {
  const { run, release } = held();
  await serving({ runs: [run] }, async ({ port, tokens }) => {
    const authorization = `Bearer ${tokens.reader}`;
    for (const [text, status, type] of [
      [request(port, 'GET /'), 200, 'text/html; charset=utf-8'],
      [request(port, 'GET /nothing'), 404, 'application/json'],
      [request(port, 'GET /api/runs', { authorization }), 200, 'application/json'],
      [request(port, 'GET /api/runs'), 401, 'application/json'],
      [request(port, 'GET /api/runs/held/stream', { authorization }), 200, 'text/event-stream'],
      ['nonsense\r\n\r\n', 400, 'application/json'],
    ] as const) {
      const ended = type === 'text/event-stream' ? sleep(200).then(release) : undefined;
      const { head, status: had } = await raw(port, text);
      await ended;
      assert.is(had, status);
      const headers = head
        .split('\r\n')
        .slice(1)
        .filter(
          (line) =>
            !/^(?:date|x-now|connection|keep-alive|content-length|transfer-encoding|www-authenticate):/i.test(line),
        );
      assert.equal(
        headers.toSorted(),
        [
          'cache-control: no-store',
          `content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; worker-src 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'`,
          `content-type: ${type}`,
          'cross-origin-opener-policy: same-origin',
          'cross-origin-resource-policy: same-origin',
          'referrer-policy: no-referrer',
          'x-content-type-options: nosniff',
        ],
        text,
      );
    }
  });
});

test('the token stands in the fragment of the address alone', async () => {
  await serving({}, async (server, origin) => {
    const { full, reader } = server.tokens;
    assert.is(server.url(), `${origin}/#token=${full}`);
    assert.is(server.url('a/b c'), `${origin}/#token=${full}&run=a%2Fb%20c`);
    assert.is(server.readerUrl('x'), `${origin}/#token=${reader}&run=x`);
    for (const token of [full, reader]) assert.is(Buffer.from(token.slice(2), 'base64url').length, 32);
    assert.is.not(full.slice(2), reader.slice(2));
    const other = await startServer();
    await other.close();
    assert.is.not(other.tokens.full, full);
    assert.not.match(await (await fetch(origin)).text(), full);
  });
});

test('a token that could be guessed is refused', async () => {
  for (const tokens of [
    { full: 'secret', reader: 'r'.repeat(40) },
    { full: 'f'.repeat(40), reader: '' },
    { full: `${'f'.repeat(40)} `, reader: 'r'.repeat(40) },
  ])
    assert.match(await startServer({ tokens }).then(String, String), 'A token has to have at least 32');
});

test('it is reached from this machine alone, by either family of addresses', async () => {
  await serving({}, async ({ port }) => {
    assert.is((await raw(port, request(port, 'GET /'), '127.0.0.1')).status, 200);
    const all = Object.values(networkInterfaces()).flatMap((list = []) => list);
    if (all.some(({ address }) => address === '::1'))
      assert.is((await raw(port, request(port, 'GET /'), '::1')).status, 200);
    for (const { address } of all.filter(({ internal, family }) => !internal && family === 'IPv4'))
      assert.match(await raw(port, request(port, 'GET /'), address).then(String, String), 'ECONNREFUSED');
  });
});

test('another host has to be named, and is warned of', async () => {
  const warnings: string[] = [];
  await serving({ host: '0.0.0.0', warn: (text) => warnings.push(text) }, async ({ port }) => {
    assert.equal(warnings, [
      'Whoever reaches 0.0.0.0 and has the address with its token can see the runs and change them; nothing is encrypted.',
    ]);
    const all = Object.values(networkInterfaces()).flatMap((list = []) => list);
    for (const { address } of all.filter(({ family }) => family === 'IPv4'))
      assert.is((await raw(port, request(port, 'GET /', { host: `${address}:${port}` }), address)).status, 200);
    assert.is((await raw(port, request(port, 'GET /', { host: `evil.example:${port}` }))).status, 403);
  });
  for (const [host, place] of [
    ['0', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
  ] as const)
    await serving({ host, warn: (text) => warnings.push(text) }, async ({ port, url }) => {
      assert.match(url(), `http://${place}:${port}/#token=`);
      assert.is((await raw(port, request(port, 'GET /', { host: `${place}:${port}` }))).status, 200);
    });
  assert.match(warnings.splice(1).join(), /^Whoever reaches 0.0.0.0 and has the address [^,]*$/);
  await serving({ warn: (text) => warnings.push(text) }, async () => undefined);
  for (const host of ['127.0.0.1', 'LOCALHOST'])
    await serving({ host, warn: (text) => warnings.push(text) }, async () => undefined);
  assert.is(warnings.length, 1);
  if (process.platform !== 'linux') return; // others have one address there
  await serving({ host: '127.0.0.2', warn: assert.unreachable }, async ({ port, url }) => {
    assert.match(url(), `http://127.0.0.2:${port}/#token=`);
    const host = `127.0.0.2:${port}`;
    assert.is((await raw(port, request(port, 'GET /', { host }), '127.0.0.2')).status, 200);
    assert.is((await raw(port, request(port, 'GET /', { host: `127.0.0.3:${port}` }), '127.0.0.2')).status, 403);
  });
});

test('it rejects where it can not listen, and holds nothing', async () => {
  await serving({}, async ({ port }) => {
    const code = await startServer({ port }).then(String, (error: NodeJS.ErrnoException) => error.code);
    assert.is(code, 'EADDRINUSE');
  });
  const code = await startServer({ host: '192.0.2.1' }).then(String, (error: NodeJS.ErrnoException) => error.code);
  assert.is(code, 'EADDRNOTAVAIL');
});

test('files of the page are those that were there at the start', async () => {
  const folder = temporaryFolder('page');
  mkdirSync(join(folder, 'parts'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>page');
  writeFileSync(join(folder, 'parts', 'a.js'), 'export {}');
  writeFileSync(join(folder, 'secret.ts'), 'no');
  writeFileSync(join(folder, '.env'), 'no');
  const page = readPage(folder);
  assert.equal([...page.keys()].toSorted(), ['/', '/index.html', '/parts/a.js']);
  await serving({ page }, async ({ port }, origin) => {
    writeFileSync(join(folder, 'later.js'), 'no');
    writeFileSync(join(folder, 'index.html'), 'changed');
    assert.is(await (await fetch(origin)).text(), '<!doctype html>page');
    assert.is((await fetch(`${origin}/parts/a.js`)).headers.get('content-type'), 'text/javascript; charset=utf-8');
    assert.is((await fetch(`${origin}/later.js`)).status, 404);
    assert.is((await raw(port, request(port, 'GET /secret.ts'))).status, 404);
  });
  assert.match(Buffer.from(readPage(join(folder, 'none')).get('/')!.body).toString(), 'has not been built');
});

test('a file that lies there in a shorter form is sent in that to whoever takes it', async () => {
  const folder = temporaryFolder('page');
  const text = '<!doctype html>page'.repeat(100);
  writeFileSync(join(folder, 'index.html'), text);
  writeFileSync(join(folder, 'index.html.br'), brotliCompressSync(text));
  writeFileSync(join(folder, 'index.html.gz'), gzipSync(text));
  writeFileSync(join(folder, 'plain.js'), 'export {}');
  writeFileSync(join(folder, 'lost.js.br'), 'of no file');
  const page = readPage(folder);
  assert.equal([...page.keys()].toSorted(), ['/', '/index.html', '/plain.js']);
  await serving({ page }, async ({ port }, origin) => {
    for (const [accepted, coding] of [
      [undefined, undefined],
      ['', undefined],
      ['identity', undefined],
      ['*', undefined],
      ['gzip', 'gzip'],
      ['gzip, deflate, br, zstd', 'br'],
      ['GZIP;q=1.0', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip'],
      ['br; q=0.000,gzip ; q=0', undefined],
      ['brotli, xgzip', undefined],
      ['br;q=0,'.repeat(1_000), undefined],
      ['__proto__, constructor', undefined],
    ] as const) {
      const { head, status } = await raw(port, request(port, 'GET /', { 'accept-encoding': accepted }));
      assert.is(status, 200);
      assert.match(head, /^vary: accept-encoding$/im);
      assert.is(/^content-encoding: (.*)$/im.exec(head)?.[1], coding, accepted);
    }
    const { head } = await raw(port, request(port, 'GET /plain.js', { 'accept-encoding': 'br' }));
    assert.not.match(head, /vary|content-encoding/i);
    for (const coding of ['br', 'gzip', 'identity'])
      assert.is(await (await fetch(origin, { headers: { 'accept-encoding': coding } })).text(), text);
    assert.is((await raw(port, request(port, 'GET /index.html.br'))).status, 404);
  });
});

const listOf = async (origin: string, token: string): Promise<readonly ListedRun[]> => {
  const answer = await fetch(`${origin}/api/runs`, { headers: { authorization: `Bearer ${token}` } });
  return ((await answer.json()) as { runs: ListedRun[] }).runs;
};

test('runs are listed in the order of their starts, those of this process as they are now', async () => {
  const store = memoryStore();
  const first = held({ store }, 1, 'first');
  first.release();
  await first.run.report;
  await sleep(5);
  const second = held({}, 1, 'second');
  await sleep(20);
  await serving({ store, runs: [second.run] }, async ({ tokens }, origin) => {
    const runs = await listOf(origin, tokens.reader);
    assert.equal(
      runs.map(({ runId, dagName, status, stand, seq }) => ({ runId, dagName, status, stand, seq })),
      [
        { runId: 'first', dagName: 'held', status: 'succeeded', stand: 'succeeded', seq: first.run.snapshot.seq },
        { runId: 'second', dagName: 'held', status: 'running', stand: 'running', seq: second.run.snapshot.seq },
      ],
    );
    assert.type(runs[0]!.endedAt, 'number');
    assert.ok(Math.abs(runs[1]!.startedAt - Date.now()) < 5_000);
    assert.is(runs[1]!.endedAt, undefined);
    second.release();
    await second.run.report;
    const ended = (await listOf(origin, tokens.reader))[1]!;
    assert.is(ended.status, 'succeeded');
    assert.ok(ended.endedAt! >= ended.startedAt);
  });
});

test('a command tells the seq of its event, or why it was refused', async () => {
  const { run, release } = held();
  await serving({ runs: [run] }, async (server) => {
    const { source } = new Following(server, 'held');
    assert.is(source.role, 'full');
    assert.equal(await source.dispatch!({ type: 'PauseRun' }), { seq: run.snapshot.seq });
    assert.is(run.snapshot.status, 'paused');
    const refused = await source.dispatch!({ type: 'RetryNode', nodeId: 'n0' });
    assert.match((refused as { refused: string }).refused, 'n0');
    assert.match(
      JSON.stringify(await source.dispatch!({ type: 'Nonsense' } as never)),
      /"refused":"The command is malformed/,
    );
    await source.dispatch!({ type: 'ResumeRun' });
    release();
    await run.report;
    assert.match(JSON.stringify(await source.dispatch!({ type: 'PauseRun' })), /"refused":/);
  });
});

test('a fork is begun, and shown at once; two runs are compared', async () => {
  const store = memoryStore();
  const { run, release, executor } = held({ store });
  await sleep(300); // so that the fork's log begins long before the fork
  release();
  await run.report;
  await serving({ store, executor }, async (server, origin) => {
    const { source } = new Following(server, 'held');
    const begun = Date.now();
    const forked = await source.fork!(run.snapshot.seq, ['n1']);
    const { runId } = forked as { runId: string };
    assert.type(runId, 'string');
    const listed = (await listOf(origin, server.tokens.reader)).find((one) => one.runId === runId)!;
    assert.ok(listed.startedAt >= begun, 'a fork starts when it is made');
    const fork = new Following(server, runId);
    await fork.done;
    assert.is(fork.events.at(-1)?.type, 'RunSettled');
    assert.ok((await listOf(origin, server.tokens.reader)).some((one) => one.runId === runId));
    const diff = await source.diff!(runId);
    assert.type(diff.firstSeq, 'number');
    assert.equal(diff.differing, []);
    assert.match(JSON.stringify(await source.fork!(99_999)), /"refused":/);
    assert.equal(await source.fork!(1, ['n1', 'nosuch']), { refused: 'Run "held" has no node "nosuch" at event 1.' });
    assert.match(await source.diff!('none').then(String, String), 'There is no such run.');
  });
});

test('without an executor nothing is forked or compared', async () => {
  const store = memoryStore();
  const { run, release, executor } = held({ store });
  release();
  await run.report;
  for (const options of [{ store }, { store, executor, isReadOnly: true }])
    await serving(options, async (server) => {
      const { source } = new Following(server, 'held');
      assert.match(JSON.stringify(await source.fork!(1)), /"refused":/);
      assert.match(await source.diff!('held').then(String, String), /Error|NoAnswer/);
    });
  const found = await store.runs()();
  assert.is(found._tag === 'Right' && found.right.length, 1);
});

test('a server to read only has no token that does more', async () => {
  const { run, release } = held();
  await serving({ runs: [run], isReadOnly: true }, async (server) => {
    assert.is(server.url(), server.readerUrl());
    const { source } = new Following(server, 'held'); // with the full one
    assert.match(JSON.stringify(await source.dispatch!({ type: 'PauseRun' })), /"refused":/);
    assert.is(run.snapshot.status, 'running');
  });
  release();
});

test('a store that can not be read gives a sentence, and no more', async () => {
  for (const [type, status, error] of [
    ['JournalCorrupt', 500, 'The server could not answer; the store may not be readable.'],
    ['StoreUnavailable', 503, "The store can't be used: it may be locked, or was removed or replaced."],
  ] as const) {
    const broken: EventStore = {
      ...memoryStore(),
      runs: () => async () => ({ _tag: 'Left', left: { type, message: 'secret /path' } }),
    };
    const warnings: string[] = [];
    await serving({ store: broken, warn: (text) => warnings.push(text) }, async ({ tokens }, origin) => {
      for (const path of ['runs', 'runs/x/events', 'runs/x/stream']) {
        const answer = await fetch(`${origin}/api/${path}`, { headers: { authorization: `Bearer ${tokens.reader}` } });
        assert.is(answer.status, status);
        assert.equal(await answer.json(), { error });
      }
    });
    assert.equal(warnings, type === 'StoreUnavailable' ? ['secret /path'] : []);
  }
});

test('pages of events are cut, and tell where to go on', async () => {
  const { run, release } = held({}, 4_000);
  release();
  await run.report;
  await serving({ runs: [run], page: pageOf('') }, async ({ tokens }, origin) => {
    const pageAt = async (query: string): Promise<{ readonly seqs: readonly number[]; readonly next?: number }> => {
      const headers = { authorization: `Bearer ${tokens.reader}` };
      const { events, next } = (await (await fetch(`${origin}/api/runs/held/events${query}`, { headers })).json()) as {
        events: { seq: number }[];
        next?: number;
      };
      return { seqs: [events.length, events[0]!.seq, events.at(-1)!.seq], ...(next === undefined ? {} : { next }) };
    };
    const { seq } = run.snapshot;
    assert.ok(seq > 5_000);
    assert.equal(await pageAt(''), { seqs: [5_000, 1, 5_000], next: 5_001 });
    assert.equal(await pageAt('?from=5001'), { seqs: [seq - 5_000, 5_001, seq] });
    assert.equal(await pageAt('?from=10&to=12'), { seqs: [3, 10, 12] });
    assert.equal(await pageAt('?to=1&from=1'), { seqs: [1, 1, 1] });
    assert.equal(await pageAt('?from=4999'), { seqs: [2, 4_999, 5_000], next: 5_001 });
  });
});

test.run();
