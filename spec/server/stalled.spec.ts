// timeout: 90000
import { connect, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitEvent } from '../../lib/index.js';
import { held, raw, request, serving } from './serving.js';

const test = suite('clients that do not go on');

const sleep = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, ms));

/** A client that closes nothing by itself, and reads nothing unless it is told to. */
const client = (port: number, text: string): Socket => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(text);
  return socket;
};

const status = async (port: number, path: string, token: string): Promise<number> =>
  (await raw(port, request(port, `GET ${path}`, { authorization: `Bearer ${token}` }))).status;

test('connections on which no request comes are let go of, though their clients do not close them', async () => {
  await serving({}, async ({ port }) => {
    const half = `GET / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n`;
    const clients = Array.from({ length: 256 }, (_, i) => client(port, i % 2 === 0 ? half : ''));
    for (const one of clients) one.resume();
    await sleep(9_000);
    assert.is(await status(port, '/', ''), 200);
    for (const one of clients) one.destroy();
  });
});

test('streams and answers that nobody reads are let go of', async () => {
  const { run, release } = held();
  for (let i = 0; i < 16; i++) await run.dispatch(emitEvent('large', 'x'.repeat(1_000_000)));
  release();
  await run.report;
  await serving({ runs: [run] }, async ({ port, tokens }) => {
    const ask = (path: string): string =>
      request(port, `GET /api/runs/held/${path}`, { authorization: `Bearer ${tokens.reader}` });
    const streams = Array.from({ length: 32 }, () => client(port, ask('stream')));
    const events = Array.from({ length: 64 }, () => client(port, ask('events')));
    await sleep(2_000);
    assert.is(await status(port, '/api/runs/held/stream?from=20', tokens.reader), 503);
    assert.is(await status(port, '/api/runs/held/events', tokens.reader), 503);
    await sleep(32_000);
    assert.is(await status(port, '/api/runs/held/stream?from=20', tokens.reader), 200);
    assert.is(await status(port, '/api/runs/held/events', tokens.reader), 200);
    for (const one of [...streams, ...events]) one.destroy();
  });
});

test.run();
