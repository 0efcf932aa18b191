// timeout: 90000
import { connect, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitEvent, memoryStore, type EventStore } from '../../lib/index.js';
import { held, raw, request, serving, type Held } from './serving.js';

const test = suite('crowds before the server');

const sleep = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, ms));
const until = async (isSo: () => boolean, withinMs = 10_000): Promise<void> => {
  const late = performance.now() + withinMs;
  while (!isSo() && performance.now() < late) await sleep(20);
  assert.ok(isSo());
};
const MEGABYTE = 1_000_000;

/** A run with so many events of a megabyte each. */
const large = async (events: number): Promise<Held> => {
  const one = held();
  for (let i = 0; i < events; i++) await one.run.dispatch(emitEvent('large', 'x'.repeat(MEGABYTE)));
  return one;
};

const asking = (port: number, token: string, path: string): string =>
  request(port, `GET ${path}`, { authorization: `Bearer ${token}`, connection: 'keep-alive' });

/** A client that has not read anything yet. */
const silent = (port: number, text: string): Socket => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(text);
  return socket;
};

test('what a connection asks ahead is begun once what it asked before has gone out', async () => {
  const { run, release } = await large(12);
  let encoded = 0;
  const encode = (events: readonly unknown[]): string => {
    encoded++;
    return JSON.stringify(events);
  };
  await serving({ runs: [run], encode }, async ({ port, tokens }) => {
    const events = (from: number): string => asking(port, tokens.reader, `/api/runs/held/events?from=${from}`);
    const socket = silent(port, Array.from({ length: 12 }, (_, i) => events(i + 1)).join(''));
    await until(() => encoded > 0);
    await sleep(500);
    assert.ok(encoded <= 12, `${encoded} pieces were made`);
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    socket.resume();
    await until(() => text.split('HTTP/1.1 200 OK').length === 13 && text.endsWith('}'));
    const firsts = text
      .split(/HTTP\/1\.1 200 OK.*?\r\n\r\n/s)
      .slice(1)
      .map((body) => (JSON.parse(body) as { readonly events: readonly { readonly seq: number }[] }).events[0]?.seq);
    assert.equal(
      firsts,
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
    socket.destroy();
  });
  release();
});

test('a connection that asks far ahead is cut off', async () => {
  const { run, release } = await large(5);
  await serving({ runs: [run] }, async ({ port, tokens }) => {
    const events = asking(port, tokens.reader, '/api/runs/held/events');
    const socket = silent(port, events.repeat(300));
    let isCut = false;
    const cut = (): void => void (isCut = true);
    socket.on('end', cut).on('close', cut).resume();
    await until(() => isCut, 5_000);
    socket.destroy();
  });
  release();
});

test('few large answers are made at once, and whoever comes when many wait is told to come again', async () => {
  const store = memoryStore();
  const { run, release } = held({ store });
  release();
  await run.report;
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  let reading = 0;
  let most = 0;
  const slow: EventStore = {
    ...store,
    read: async function* (runId, from) {
      most = Math.max(most, ++reading);
      try {
        await gate;
        yield* store.read(runId, from);
      } finally {
        reading--;
      }
    },
  };
  await serving({ store: slow }, async ({ port, tokens }) => {
    const answers = Array.from({ length: 150 }, (_, i) =>
      raw(port, asking(port, tokens.reader, `/api/runs/held/events?from=${1 + (i % 8)}&to=${8 + Math.floor(i / 8)}`)),
    );
    await sleep(1_000);
    assert.ok(most >= 2 && most <= 8, `${most} were made at once`);
    open();
    const all = await Promise.all(answers);
    const refused = all.filter(({ status }) => status === 503);
    assert.ok(refused.length >= 50 && refused.length <= 140, `${refused.length} of 150 were refused`);
    for (const { head, body } of refused) {
      assert.match(head, /^retry-after: \d+\r?$/m);
      assert.match(body, /^\{"error":"[^"]+"\}$/);
    }
    assert.is(all.filter(({ status }) => status === 200).length, 150 - refused.length);
    assert.ok(most <= 8, `${most} were made at once`);
    const after = await raw(port, asking(port, tokens.reader, '/api/runs/held/events'));
    assert.is(after.status, 200);
  });
});

test.run();
