// timeout: 120000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore } from '../../lib/index.js';
import { startServer, pageOf, type ViewerServer } from '../../lib/server/index.js';
import { held, raw, request, type Held } from './serving.js';

type Headers = Readonly<Record<string, string | undefined>>;

let server: ViewerServer;
let one: Held;
const test = suite('attacks on the server');

test.before(async () => {
  const store = memoryStore();
  one = held({ store });
  await new Promise((later) => setTimeout(later, 20));
  server = await startServer({
    runs: [one.run],
    store,
    executor: one.executor,
    page: new Map([
      ...pageOf('<!doctype html><title>page</title>'),
      ['/main.js', { type: 'text/javascript', body: Buffer.from('1') }],
    ]),
  });
});
test.after(async () => {
  await server.close();
  one.release();
  await one.run.report;
});

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const json: Headers = { 'content-type': 'application/json' };
const pause = JSON.stringify({ type: 'PauseRun' });

/** Asks; holds the status against what is wanted, and that nothing has changed, and that the answer keeps to itself. */
const refused = async (status: number, text: string | readonly (string | number)[]): Promise<void> => {
  const before = [one.run.snapshot.seq, one.run.snapshot.status];
  const answer = await raw(server.port, text);
  assert.is(answer.status, status, `${answer.status} for ${JSON.stringify(text).slice(0, 300)}: ${answer.body}`);
  assert.equal([one.run.snapshot.seq, one.run.snapshot.status], before);
  assert.not.match(answer.head, /access-control/i);
  assert.match(answer.head, /content-security-policy: default-src 'none'/);
  assert.match(answer.head, /x-content-type-options: nosniff/);
  assert.not.match(answer.body, /\bat .*\.[jt]s\b|node:|\/work\//);
  assert.not.match(answer.head + answer.body, server.tokens.full.slice(4));
  assert.not.match(answer.body, '"runs"');
  if (answer.body !== '') assert.equal(Object.keys(JSON.parse(answer.body) as object), ['error']);
};
const get = (path: string, headers: Headers = {}): string =>
  request(server.port, `GET ${path}`, { ...bearer(server.tokens.full), ...headers });
const post = (path: string, body: string, headers: Headers = {}): string =>
  request(
    server.port,
    `POST ${path}`,
    { ...bearer(server.tokens.full), ...json, 'content-length': String(Buffer.byteLength(body)), ...headers },
    Buffer.from(body).toString('latin1'),
  );
const page = (headers: Headers): string => request(server.port, 'GET /', headers);
const commands = '/api/runs/held/commands';

test('who has the token and comes from our page, or from no page, is served', async () => {
  const { port, tokens } = server;
  for (const text of [
    get('/api/runs'),
    get('/api/runs', { host: `localhost:${port}` }),
    get('/api/runs', { host: `LOCALHOST:${port}` }),
    get('/api/runs', { host: `[::1]:${port}` }),
    get('/api/runs', { origin: `http://127.0.0.1:${port}`, 'sec-fetch-site': 'same-origin' }),
    get('/api/runs', bearer(tokens.reader)),
    page({}),
    page({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }),
    page({ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }),
    request(port, 'GET /main.js', { 'sec-fetch-site': 'same-origin' }),
  ])
    assert.is((await raw(port, text)).status, 200, text);
});

test('another host is refused, whatever name leads here', async () => {
  const { port } = server;
  for (const host of [
    `evil.example:${port}`,
    'evil.example',
    '127.0.0.1',
    'localhost',
    `127.0.0.1:${port + 1}`,
    `127.0.0.1:0${port}`,
    `127.0.0.1:${port}@evil.example`,
    `localhost:${port}.evil.example`,
    `localhost.:${port}`,
    `127.0.0.2:${port}`,
    `127.1:${port}`,
    `2130706433:${port}`,
    `0.0.0.0:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `[::]:${port}`,
    `127.0.0.1:${port},evil.example`,
    '',
  ]) {
    await refused(403, get('/api/runs', { host }));
    await refused(403, page({ host }));
  }
  await refused(403, post(commands, pause, { host: `evil.example:${port}`, origin: `http://evil.example:${port}` }));
});

test('a request without a host, or with two, is refused', async () => {
  const { port } = server;
  await refused(403, `GET / HTTP/1.0\r\n\r\n`);
  await refused(403, `GET /api/runs HTTP/1.0\r\nauthorization: Bearer ${server.tokens.full}\r\n\r\n`);
  await refused(403, `GET / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nhost: evil.example\r\nconnection: close\r\n\r\n`);
  const { status } = await raw(port, `GET / HTTP/1.1\r\nconnection: close\r\n\r\n`);
  assert.is(status, 400);
});

test('another origin is refused', async () => {
  const { port } = server;
  for (const origin of [
    'null',
    'http://evil.example',
    `http://evil.example:${port}`,
    `http://127.0.0.1:${port + 1}`,
    'http://127.0.0.1',
    `https://127.0.0.1:${port}`,
    `http://localhost:${port}`, // a page by another name of ours is another origin
    `http://127.0.0.1:${port}.evil.example`,
    `http://127.0.0.1:${port}/`,
    'file://',
    'chrome-extension://abcdefgh',
    '',
  ]) {
    await refused(403, get('/api/runs', { origin }));
    await refused(403, post(commands, pause, { origin }));
    await refused(403, page({ origin }));
  }
});

test('what a browser fetches for another page is refused', async () => {
  for (const site of ['cross-site', 'same-site', 'none', 'nonsense', ''])
    for (const path of ['/api/runs', '/api/runs/held/stream', '/main.js', commands])
      await refused(
        403,
        path === commands ? post(path, pause, { 'sec-fetch-site': site }) : get(path, { 'sec-fetch-site': site }),
      );
  const visit = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  for (const dest of ['iframe', 'frame', 'embed', 'object', 'script', 'empty', undefined])
    await refused(403, page({ ...visit, 'sec-fetch-dest': dest }));
  for (const mode of ['no-cors', 'cors', 'websocket', undefined])
    await refused(403, page({ ...visit, 'sec-fetch-mode': mode, 'sec-fetch-dest': 'document' }));
  await refused(403, get('/main.js', { ...visit, 'sec-fetch-dest': 'document' }));
  await refused(403, request(server.port, 'POST /', { ...visit, 'sec-fetch-dest': 'document', 'content-length': '0' }));
});

test('no token, a wrong one, or one elsewhere opens nothing', async () => {
  const { full, reader } = server.tokens;
  const tokens = [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    full,
    `Basic ${full}`,
    `Token ${full}`,
    `Bearer ${full.slice(0, -1)}`,
    `Bearer ${full.slice(1)}`,
    `Bearer ${full}x`,
    `Bearer ${full} x`,
    `Bearer  ${full}`,
    `Bearer ${full},Bearer ${reader}`,
    `Bearer ${full.toUpperCase()}`,
    `Bearer ${'a'.repeat(full.length)}`,
    `Bearer f-${reader.slice(2)}`,
    `Bearer ${'x'.repeat(5_000)}`,
    `Bearer ${full}\0`,
  ];
  for (const authorization of tokens.slice(0, -1)) {
    await refused(401, get('/api/runs', { authorization }));
    await refused(401, get('/api/runs/held/events', { authorization }));
    await refused(401, get('/api/runs/held/stream', { authorization }));
    await refused(401, post(commands, pause, { authorization }));
  }
  await refused(400, get('/api/runs', { authorization: tokens.at(-1) }));
  const none = { authorization: undefined };
  await refused(401, get(`/api/runs?token=${full}`, none));
  await refused(401, get('/api/runs', { ...none, cookie: `token=${full}` }));
  await refused(401, get('/api/runs', { ...none, 'x-token': full, 'proxy-authorization': `Bearer ${full}` }));
  await refused(401, get('/api/nothing', none));
  await refused(400, get(`/api/runs?token=${full}`)); // nor is one taken that comes besides
});

test('a reader only looks', async () => {
  const { reader } = server.tokens;
  await refused(403, post(commands, pause, bearer(reader)));
  await refused(403, post('/api/runs/held/fork', '{"seq":1}', bearer(reader)));
  await refused(403, post('/api/runs/none/commands', pause, bearer(reader)));
});

test('what a form of another page could send is refused', async () => {
  for (const type of [
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    'application/json, text/plain',
    'application/json; charset=utf-16',
    'application/jsonp',
    'text/plain; application/json',
  ])
    await refused(415, post(commands, pause, { 'content-type': type }));
});

test('what is too large is refused, also where it is not said before', async () => {
  const large = JSON.stringify({ type: 'PauseRun', reason: 'x'.repeat(2_000_000) });
  await refused(413, post(commands, large));
  await refused(413, post(commands, '', { 'content-length': '99999999999' }));
  const chunk = `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n`;
  const chunked = request(server.port, `POST ${commands}`, {
    ...bearer(server.tokens.full),
    ...json,
    'transfer-encoding': 'chunked',
  });
  await refused(413, [chunked, ...Array.from({ length: 20 }, () => chunk)]);
  await refused(431, get('/api/runs', { 'x-large': 'x'.repeat(20_000) }));
  await refused(431, get(`/${'x'.repeat(20_000)}`));
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`x-${i}`, '1']));
  await refused(431, get('/api/runs', many));
  await refused(431, page(many));
});

test('no path leads to a file', async () => {
  for (const path of [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/%2e%2e%2fpackage.json',
    '/%252e%252e%252fpackage.json',
    '/..%c0%af..%c0%afetc/passwd',
    '/..\\..\\package.json',
    '/..%5c..%5cpackage.json',
    '//etc/passwd',
    '///etc/passwd',
    '/./main.js',
    '/x/../main.js',
    '/main.js/',
    '/main.js%00',
    '/main.js%00.html',
    '/%00',
    '/%',
    '/%zz',
    '/%e0%a4%a',
    '/main%2ejs',
    '/MAIN.JS',
    '/index.html.map',
    '/.env',
    '/.git/config',
    '/__proto__',
    '/constructor',
    '/toString',
    '/etc/passwd',
    '/@fs/etc/passwd',
    '/main.js;x',
  ])
    await refused(404, request(server.port, `GET ${path}`, {}));
});

test('a target that is no path is refused', async () => {
  const { port } = server;
  for (const target of [
    `http://127.0.0.1:${port}/api/runs`,
    `http://evil.example/`,
    'file:///etc/passwd',
    '*',
    'api/runs',
    '/#x',
  ])
    await refused(400, get(target));
  for (const target of ['/a b', '/a\0b', '/\x7f']) await refused(400, get(target));
  await refused(400, 'GET\r\n\r\n');
  await refused(400, 'nonsense\r\n\r\n');
  await refused(400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'); // TLS
  await refused(400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
});

test('other methods are refused', async () => {
  const { port, tokens } = server;
  for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'TRACE', 'PROPFIND'])
    for (const path of ['/', '/api/runs', commands]) {
      const answer = await raw(port, request(port, `${method} ${path}`, bearer(tokens.full)));
      assert.is(answer.status, 405, `${method} ${path}`);
      assert.not.match(answer.body, 'Bearer');
      assert.not.match(answer.head, /access-control/i);
    }
  await refused(405, get(commands));
  await refused(405, get('/api/runs/held/fork'));
  await refused(405, post('/api/runs', '{}'));
  await refused(405, post('/api/runs/held/events', '{}'));
  await refused(405, post('/api/runs/held/stream', '{}'));
  await refused(405, post('/', '{}'));
  await refused(405, post(commands, pause).replace('POST', 'PUT'));
  await refused(405, post(commands, pause, { 'x-http-method-override': 'POST' }).replace('POST', 'PATCH'));
  const { status } = await raw(port, `CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
  assert.is(status, 0); // cut off
});

test('requests that two readers would cut differently are refused', async () => {
  const { port, tokens } = server;
  const hidden = post(commands, pause);
  const head = (more: string): string =>
    `POST ${commands} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${tokens.reader}\r\ncontent-type: application/json\r\n${more}\r\n`;
  await refused(400, `${head('content-length: 5\r\ntransfer-encoding: chunked\r\n')}0\r\n\r\n${hidden}`);
  await refused(400, `${head('transfer-encoding: chunked\r\ncontent-length: 5\r\n')}0\r\n\r\n${hidden}`);
  await refused(400, `${head('content-length: 5\r\ncontent-length: 6\r\n')}{"a":1}${hidden}`);
  await refused(400, `${head('transfer-encoding: xchunked\r\n')}0\r\n\r\n${hidden}`);
  await refused(400, `${head('transfer-encoding: chunked, identity\r\n')}0\r\n\r\n${hidden}`);
  await refused(400, `${head('content-length: -5\r\n')}${hidden}`);
  await refused(400, `${head('content-length: 0x5\r\n')}${hidden}`);
  await refused(400, `${head('content-length : 5\r\n')}${hidden}`);
  await refused(400, `${head(' folded: 1\r\n')}${hidden}`);
  await refused(400, `GET / HTTP/1.1\nhost: 127.0.0.1:${port}\n\r\r\n\n`);
});

test('JSON that is none, or no command, changes nothing', async () => {
  const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  for (const body of [
    '',
    '{',
    'null',
    '[]',
    '1',
    '"PauseRun"',
    '{}',
    '{"type":"Nonsense"}',
    '{"type":"constructor"}',
    '{"type":"__proto__"}',
    '{"type":["PauseRun"]}',
    '{"type":"PauseRun","x":1}',
    '{"type":"PauseRun","reason":1}',
    '{"__proto__":{"type":"PauseRun"}}',
    '{"type":"PauseRun","__proto__":{"reason":"x"}}',
    '{"type":"PauseRun","constructor":{"prototype":{"polluted":1}}}',
    '{"type":"SetConcurrency","maxParallelNodes":-1}',
    '{"type":"SetConcurrency","maxParallelNodes":1e999}',
    '{"type":"SetConcurrency","maxParallelNodes":"9"}',
    '{"type":"AddNode","spec":{"id":"x"}}',
    '{"type":"AddNode","spec":{"id":"x","action":"work","__proto__":{"deps":[]},"evil":1}}',
    `{"type":"EmitEvent","name":"x","payload":${nested}}`,
    nested,
    '\ufeff{"type":"PauseRun"',
    '\ufeff{"type":"PauseRun"}',
    '{"type":"PauseRun"}{"type":"PauseRun"}',
  ])
    await refused(400, post(commands, body));
  const notUtf8 = post(commands, '{"type":"PauseRun","reason":"??"}').replace('??', '\xff\xfe');
  await refused(400, notUtf8);
  assert.is(({} as { polluted?: unknown }).polluted, undefined);
  for (const body of [
    'null',
    '{}',
    '{"seq":0}',
    '{"seq":-1}',
    '{"seq":1.5}',
    '{"seq":"1"}',
    '{"seq":1e400}',
    '{"seq":1,"again":"n0"}',
    '{"seq":1,"again":[1]}',
    '{"seq":1,"runId":"x"}',
    '{"seq":1,"__proto__":{}}',
  ])
    await refused(400, post('/api/runs/held/fork', body));
});

test('runs that nobody knows are not found', async () => {
  for (const id of [
    'none',
    'HELD',
    'held%00',
    'held%20',
    'held%0a',
    '%00',
    '%1b[2J',
    '..',
    '.',
    '%2e%2e',
    '..%2f..%2fetc%2fpasswd',
    'held%2fevents',
    '__proto__',
    'constructor',
    "'%20OR%201=1--",
    'x'.repeat(2_000),
    '%ed%95%9c',
    '%f0%9f%92%a9',
  ]) {
    await refused(404, get(`/api/runs/${id}/events`));
    await refused(404, get(`/api/runs/${id}/stream`));
    await refused(404, post(`/api/runs/${id}/commands`, pause));
    await refused(404, post(`/api/runs/${id}/fork`, '{"seq":1}'));
    await refused(404, get(`/api/runs/${id}/diff/held`));
    await refused(404, get(`/api/runs/held/diff/${id}`));
  }
  for (const id of ['%', '%zz', '%c0%af', '%ed%a0%80']) await refused(400, get(`/api/runs/${id}/events`));
  for (const path of [
    '/api',
    '/api/',
    '/api/run',
    '/api/runs/',
    '/api/runs/held',
    '/api/runs/held/',
    '/api/runs/held/events/',
    '/api/runs/held/events/1',
    '/api//runs',
    '/api/runs/held/diff',
    '/api/runs/held/diff/held/more',
  ])
    await refused(404, get(path));
});

test('numbers that are no seq are refused', async () => {
  for (const number of [
    '0',
    '-1',
    '1.5',
    'NaN',
    'Infinity',
    '1e3',
    '0x10',
    '9007199254740993',
    '9'.repeat(400),
    '',
    '%31',
    ' 1',
    '+1',
    'null',
    '１',
  ].map((text) => Buffer.from(text).toString('latin1').replaceAll(' ', '%20')))
    for (const query of [`events?from=${number}`, `events?to=${number}`, `stream?from=${number}`])
      await refused(400, get(`/api/runs/held/${query}`));
  for (const query of [
    'events?from',
    'events?from=1&from=2',
    'events?x=1',
    'events?from=1&__proto__=1',
    'events?',
    'stream?to=1',
  ].slice(0, 4))
    await refused(400, get(`/api/runs/held/${query}`));
  await refused(400, get('/api/runs/held/stream?to=1'));
  await refused(416, get(`/api/runs/held/stream?from=${Number.MAX_SAFE_INTEGER}`));
  const beyond = await raw(server.port, get(`/api/runs/held/events?from=${Number.MAX_SAFE_INTEGER}`));
  assert.equal([beyond.status, beyond.body], [200, '{"events":[]}']);
  const backward = await raw(server.port, get('/api/runs/held/events?from=2&to=1'));
  assert.equal([backward.status, backward.body], [200, '{"events":[]}']);
});

test('whoever sends slowly is cut off', async () => {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1_000;
  const drops = Array.from('x-slow: 1\r\n').flatMap((letter) => [letter, 900]);
  const head = refused(408, [`GET / HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\n`, ...drops]).then(seconds);
  const body = refused(408, [post(commands, '', { 'content-length': '100' }), '{']).then(seconds);
  const silent = raw(server.port, '').then(seconds);
  const [headTook, bodyTook, silentTook] = await Promise.all([head, body, silent]);
  assert.ok(headTook < 7.5, `${headTook} s`);
  assert.ok(bodyTook < 12.5, `${bodyTook} s`);
  assert.ok(silentTook < 12.5, `${silentTook} s`);
});

test('a flood of commands is refused', async () => {
  const before = one.run.snapshot.seq;
  const body = '{"type":"SetConcurrency","maxParallelNodes":0}';
  await new Promise((later) => setTimeout(later, 1_100)); // what was asked before does not count any more
  const began = performance.now();
  const statuses = await Promise.all(
    Array.from({ length: 300 }, async () => (await raw(server.port, post(commands, body))).status),
  );
  const seconds = (performance.now() - began) / 1_000;
  const heard = statuses.filter((status) => status === 400).length;
  assert.ok(heard >= 100 && heard <= Math.min(300, 101 + seconds * 100), `${heard} were heard in ${seconds} s`);
  assert.is(statuses.filter((status) => status === 429).length, 300 - heard);
  assert.is(one.run.snapshot.seq, before);
  await new Promise((later) => setTimeout(later, 1_100));
  await refused(400, post(commands, body));
});

test('a viewer too many is refused, until another one goes', async () => {
  const open: AbortController[] = [];
  const answers: Response[] = []; // one that nobody holds is cancelled
  const stream = async (): Promise<number> => {
    const controller = new AbortController();
    open.push(controller);
    const url = `http://127.0.0.1:${server.port}/api/runs/held/stream`;
    const headers = bearer(server.tokens.reader) as Record<string, string>;
    answers.push(await fetch(url, { headers, signal: controller.signal }));
    return answers.at(-1)!.status;
  };
  try {
    for (let i = 0; i < 32; i++) assert.is(await stream(), 200);
    await refused(503, get('/api/runs/held/stream'));
    await refused(503, get('/api/runs/held/stream'));
    open[0]!.abort();
    await new Promise((later) => setTimeout(later, 100));
    assert.is(await stream(), 200);
    await refused(503, get('/api/runs/held/stream'));
  } finally {
    for (const controller of open) controller.abort();
  }
  assert.is(answers.length, 33);
});

test('after all of that it still serves', async () => {
  const { status, body } = await raw(server.port, get('/api/runs/held/events'));
  assert.is(status, 200);
  assert.is((JSON.parse(body) as { events: unknown[] }).events.length, one.run.snapshot.seq);
  const took = await raw(server.port, post(commands, pause));
  assert.equal([took.status, took.body], [200, `{"seq":${one.run.snapshot.seq}}`]);
  assert.is(one.run.snapshot.status, 'paused');
  assert.is((await raw(server.port, post(commands, '{"type":"ResumeRun"}'))).status, 200);
});

test.run();
