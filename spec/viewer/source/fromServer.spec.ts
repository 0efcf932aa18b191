// timeout: 60000
import { getEventListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromServer } from '../../../lib/viewer/source/fromServer.js';
import { pause } from '../../../lib/viewer/source/pause.js';
import type { SourceMessage } from '../../../lib/viewer/source/RunSource.js';
import { SseReader } from '../../../lib/viewer/source/SseReader.js';
import { eventsIn, stateIn } from '../../../lib/viewer/source/decodeMessage.js';

const test = suite('fromServer');

const sleep = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, ms));
const event = (seq: number): object => ({ seq, at: 1_000 + seq, type: 'ConcurrencySet', maxParallelNodes: 1 });
const events = (...seqs: number[]): string =>
  `id: ${seqs.at(-1)}\nevent: events\ndata: ${JSON.stringify(seqs.map(event))}\n\n`;
const state = (seq: number): string =>
  `event: state\ndata: ${JSON.stringify({ seq, at: 5, status: 'running', looks: 'AQID' })}\n\n`;
const over = 'event: over\ndata: {}\n\n';

type Script = (request: IncomingMessage, response: ServerResponse, times: number) => void | Promise<void>;

/** What a viewer is told by a server that plays a script, one call for each stream that is asked for. */
const told = async (
  streams: Script,
  pages: Script = (_, response) => void response.end('{}'),
  isEnough: (messages: readonly SourceMessage[]) => boolean = () => false,
  token = 'f-token',
): Promise<{ readonly messages: readonly SourceMessage[]; readonly asked: readonly string[] }> => {
  const asked: string[] = [];
  let times = 0;
  const server: Server = createServer((request, response) => {
    asked.push(request.url!.replace('/api/runs/a%2Fb/', ''));
    assert.is(request.headers.authorization, `Bearer ${token}`);
    void (request.url!.includes('/stream') ? streams(request, response, times++) : pages(request, response, times));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  const messages: SourceMessage[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const subscription = fromServer({ url: `http://127.0.0.1:${port}/#x`, runId: 'a/b', token }).message$.subscribe({
        next: (message) => {
          messages.push(message);
          if (isEnough(messages)) queueMicrotask(() => (subscription.unsubscribe(), resolve()));
        },
        complete: resolve,
        error: reject,
      });
      setTimeout(() => reject(new Error(`never enough: ${JSON.stringify(messages)}`)), 10_000).unref();
    });
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
  return { messages, asked };
};
const seqsOf = (messages: readonly SourceMessage[], type: 'events' | 'fill' = 'events'): readonly number[] =>
  messages.flatMap((message) => (message.type === type ? message.events.map(({ seq }) => seq) : []));
const connections = (messages: readonly SourceMessage[]): readonly string[] =>
  messages.flatMap((message) =>
    message.type === 'connection' ? [message.state + (message.text === undefined ? '' : `: ${message.text}`)] : [],
  );

test('tells what comes in order, and ends quietly when the run is over', async () => {
  const { messages, asked } = await told((_, response) => void response.end(events(1, 2) + events(3) + over));
  assert.equal(seqsOf(messages), [1, 2, 3]);
  assert.equal(connections(messages), ['connecting', 'live', 'ended']);
  assert.equal(asked, ['stream?from=1']);
});

test('tells why a run is over that did not end as it should', async () => {
  const { messages } = await told(
    (_, response) => void response.end('event: over\ndata: {"text":"It is broken."}\n\n'),
  );
  assert.equal(connections(messages), ['connecting', 'live', 'ended: It is broken.']);
});

test('reads messages wherever they are cut', async () => {
  const text = Buffer.from(
    `: beat\n\nevent: events\ndata: ${JSON.stringify([{ ...event(1), by: 'é💩\u2028' }])}\n\n${events(2)}${over}`,
  );
  const { messages } = await told(async (_, response) => {
    for (const byte of text) {
      response.write(Buffer.of(byte));
      await new Promise((later) => setImmediate(later));
    }
    response.end();
  });
  assert.equal(seqsOf(messages), [1, 2]);
  const [first] = messages.flatMap((message) => (message.type === 'events' ? message.events : []));
  assert.is(first!.by, 'é💩\u2028');
});

test('goes on behind the last event after a lost connection, and drops what it has', async () => {
  const { messages, asked } = await told((_, response, times) => {
    if (times === 0) {
      response.write(events(1, 2));
      setTimeout(() => response.destroy(), 20);
    } else if (times === 1) response.end(events(1, 2, 3) + events(3) + events(2));
    else response.end(events(4) + over);
  });
  assert.equal(seqsOf(messages), [1, 2, 3, 4]);
  assert.equal(asked, ['stream?from=1', 'stream?from=3', 'stream?from=4']);
  assert.equal(connections(messages), [
    'connecting',
    'live',
    'retrying: The connection was lost.',
    'live',
    'retrying: The connection was lost.',
    'live',
    'ended',
  ]);
});

test('waits longer from time to time where there is no server', async () => {
  const at: number[] = [];
  await told(
    (_, response) => {
      at.push(performance.now());
      response.writeHead(500).end('{"error":"Not now."}');
    },
    undefined,
    () => at.length >= 4,
  );
  const pauses = at.slice(1).map((time, i) => time - at[i]!);
  assert.ok(pauses[0]! >= 240 && pauses[1]! >= 490 && pauses[2]! >= 990, String(pauses));
});

test('does not ask again where that would not help, and says why', async () => {
  for (const status of [400, 401, 403, 404]) {
    const { messages, asked } = await told((_, response) => void response.writeHead(status).end('{"error":"No."}'));
    assert.equal(connections(messages), ['connecting', 'ended: No.']);
    assert.is(asked.length, 1);
  }
});

test('begins anew behind what was good when something can not be read', async () => {
  for (const bad of [
    'event: events\ndata: {\n\n',
    'event: events\ndata: {}\n\n',
    'event: events\ndata: []\n\n',
    'event: events\ndata: [1]\n\n',
    'event: events\ndata: [{"seq":"2","at":1,"type":"X"}]\n\n',
    'event: events\ndata: [{"seq":2,"type":"X"}]\n\n',
    'event: state\ndata: {"seq":9}\n\n',
    `event: state\ndata: {"seq":9,"at":1,"status":"running","looks":"%"}\n\n`,
    `event: state\ndata: {"seq":9,"at":1,"status":"odd","looks":""}\n\n`,
    events(2, 4),
    events(5), // a gap
  ]) {
    const { messages, asked } = await told((_, response, times) =>
      times === 0 ? void response.write(events(1) + bad + events(2)) : void response.end(events(2) + over),
    );
    assert.equal(seqsOf(messages), [1, 2], bad);
    assert.equal(asked, ['stream?from=1', 'stream?from=2'], bad);
    assert.ok(connections(messages).includes('retrying: The server sent what can not be read.'), bad);
  }
});

test('leaves out what it does not know', async () => {
  const { messages } = await told(
    (_, response) => void response.end(`event: other\ndata: {}\n\ndata: plain\n\nretry: 1\n\n:\n\n${events(1)}${over}`),
  );
  assert.equal(seqsOf(messages), [1]);
});

test('hands a state on and fetches the events that it jumped over, page by page', async () => {
  const { messages, asked } = await told(
    (_, response) => void response.end(events(1) + state(4) + state(3) + state(6) + events(7) + over),
    (request, response) => {
      const [, from, to] = /from=(\d+)&to=(\d+)/.exec(request.url!)!.map(Number) as [number, number, number];
      const last = Math.min(to, from + 1);
      const seqs = Array.from({ length: last - from + 1 }, (_, i) => from + i);
      response.end(JSON.stringify({ events: seqs.map(event), next: last + 1 }));
    },
  );
  assert.equal(seqsOf(messages), [1, 7]);
  assert.equal(seqsOf(messages, 'fill'), [2, 3, 4, 5, 6]);
  const states = messages.filter(({ type }) => type === 'state');
  assert.equal(states[0], { type: 'state', seq: 4, at: 5, status: 'running', looks: Uint8Array.of(1, 2, 3) });
  assert.equal(
    states.map((one) => (one as { seq: number }).seq),
    [4, 6],
  );
  assert.equal(asked.slice(1), ['events?from=2&to=6', 'events?from=4&to=6', 'events?from=6&to=6']);
  assert.is(connections(messages).at(-1), 'ended');
  assert.is(messages.at(-1)!.type, 'connection');
});

test('fetches only what is missing where events came between two states', async () => {
  const { messages, asked } = await told(
    (_, response) => void response.end(events(1) + state(3) + events(4) + state(6) + over),
    (request, response) => {
      const [, from, to] = /from=(\d+)&to=(\d+)/.exec(request.url!)!.map(Number) as [number, number, number];
      response.end(JSON.stringify({ events: Array.from({ length: to - from + 1 }, (_, i) => event(from + i)) }));
    },
  );
  assert.equal(seqsOf(messages), [1, 4]);
  assert.equal(seqsOf(messages, 'fill'), [2, 3, 5, 6]);
  assert.equal(asked.slice(1), ['events?from=2&to=3', 'events?from=5&to=6']);
});

test('asks again for a page that did not come, and gives up what is not kept any more', async () => {
  let times = 0;
  const { messages } = await told(
    (_, response) => void response.end(events(1) + state(4) + over),
    (_, response) => {
      if (times++ === 0) response.writeHead(503).end();
      else response.end(JSON.stringify({ events: [2, 3, 4].map(event) }));
    },
  );
  assert.equal(seqsOf(messages, 'fill'), [2, 3, 4]);
  const lost = await told(
    (_, response) => void response.end(events(1) + state(4) + over),
    (_, response) => void response.writeHead(410).end('{"error":"Gone."}'),
  );
  assert.equal(seqsOf(lost.messages, 'fill'), []);
  assert.ok(connections(lost.messages).includes('live: Gone.'));
  assert.is(connections(lost.messages).at(-1), 'ended: Gone.');
});

const stateAnswer = (seq: number): string => JSON.stringify({ seq, at: 5, status: 'running', looks: 'AQID' });
const statesOf = (messages: readonly SourceMessage[]): readonly number[] =>
  messages.flatMap((message) => (message.type === 'state' ? [message.seq] : []));

test('asks how the run looks as long as events come that have to wait for those of a gap', async () => {
  let seq = 4;
  const { messages, asked } = await told(
    async (_, response) => {
      response.write(events(1) + state(4));
      for (let i = 0; i < 16; i++) {
        await sleep(100);
        response.write(events(++seq));
      }
      await sleep(700);
      response.end(events(++seq) + over);
    },
    async (request, response) => {
      if (request.url!.endsWith('/state')) return void response.end(stateAnswer(seq));
      await sleep(1_800); // a slow page
      response.end(JSON.stringify({ events: [2, 3, 4].map(event) }));
    },
  );
  const states = statesOf(messages);
  const looks = asked.filter((path) => path === 'state').length;
  assert.ok(looks >= 2 && looks <= 4, `${looks} looks`);
  assert.ok(states.length === 1 + looks || states.length === looks, `${states.length} states`); // the last may come too late
  assert.equal(
    states,
    states.toSorted((a, b) => a - b),
  );
  assert.equal(
    seqsOf(messages),
    Array.from({ length: seq }, (_, i) => i + 1).filter((at) => at < 2 || at > 4),
  );
  const filled = messages.findIndex(({ type }) => type === 'fill');
  assert.ok(messages.slice(filled + 1).every(({ type }) => type !== 'state')); // from then on events tell all
});

test('behind what is lost there are states alone, up to the end', async () => {
  let seq = 4;
  const { messages } = await told(
    async (request, response, times) => {
      if (times === 0) {
        response.write(events(1) + state(4));
        await sleep(400);
      }
      for (let next = Number(/from=(\d+)/.exec(request.url!)![1]); next < 22; next++) {
        if (next < 5) continue;
        seq = Math.max(seq, next);
        response.write(events(next));
        await sleep(100);
        if (times === 0 && next === 14) return void response.destroy();
      }
      response.end(events(22) + over);
      seq = 22;
    },
    (request, response) => {
      if (request.url!.endsWith('/state')) response.end(stateAnswer(seq));
      else response.writeHead(410).end('{"error":"Gone."}');
    },
  );
  assert.equal(seqsOf(messages), [1]);
  const states = statesOf(messages);
  assert.ok(states.length >= 4, String(states));
  assert.is(states.at(-1), seq);
  assert.equal(
    states,
    states.toSorted((a, b) => a - b),
  );
  assert.is(connections(messages).at(-1), 'ended: Gone.');
});

test('asks no more for states where there are none', async () => {
  const { asked, messages } = await told(
    async (_, response) => {
      response.write(events(1) + state(4));
      for (let seq = 5; seq < 25; seq++) {
        await sleep(100);
        response.write(events(seq));
      }
      response.end(over);
    },
    async (request, response) => {
      if (request.url!.endsWith('/state')) return void response.writeHead(404).end('{}');
      await sleep(1_900);
      response.end(JSON.stringify({ events: [2, 3, 4].map(event) }));
    },
  );
  assert.equal(
    asked.filter((path) => path === 'state'),
    ['state'],
  );
  assert.is(seqsOf(messages).length, 21);
});

test('a clock that goes wrong, here or there, makes no news old', async () => {
  for (const skewMs of [-3_600_000, -5_000, 0, 5_000, 3_600_000]) {
    const { messages } = await told((_, response) => {
      const now = Date.now() + skewMs;
      response.setHeader('x-now', String(now));
      const late = { ...event(2), at: now - 1_500 };
      response.end(`${events(1)}event: live\ndata: {}\n\nevent: events\ndata: ${JSON.stringify([late])}\n\n${over}`);
    });
    const lags = messages.flatMap((message) =>
      message.type === 'connection' && message.lagMs !== undefined ? [message.lagMs] : [],
    );
    assert.ok(lags.length === 1 && lags[0]! > 1_000 && lags[0]! < 4_000, `${skewMs}: ${lags.join(' ')}`);
  }
});

test('a pause leaves nothing behind', async () => {
  const { signal } = new AbortController();
  for (let i = 0; i < 20; i++) await pause(1, signal);
  assert.equal(getEventListeners(signal, 'abort'), []);
  const ended = new AbortController();
  const began = performance.now();
  const paused = pause(5_000, ended.signal);
  ended.abort();
  await paused;
  await pause(5_000, ended.signal);
  assert.ok(performance.now() - began < 1_000);
});

test('tells how old news is, once it has all there was before', async () => {
  const { messages } = await told((_, response) => {
    const late = { ...event(2), at: Date.now() - 1_500 };
    response.end(`${events(1)}event: live\ndata: {}\n\nevent: events\ndata: ${JSON.stringify([late])}\n\n${over}`);
  });
  const lags = messages.flatMap((message) => (message.type === 'connection' ? [message.lagMs] : []));
  const told2 = lags.filter((lag) => lag !== undefined);
  assert.is(told2.length, 1);
  assert.ok(told2[0]! >= 1_500 && told2[0]! < 4_000, String(told2));
});

test('a reader has nothing to ask for changes with', async () => {
  const address = { url: 'http://127.0.0.1:1', runId: 'x' };
  const reader = fromServer({ ...address, token: 'r-x' });
  assert.equal([reader.role, reader.dispatch, reader.fork, reader.isFile], ['reader', undefined, undefined, false]);
  const full = fromServer({ ...address, token: 'f-x' });
  assert.is(full.role, 'full');
  assert.equal(await full.dispatch!({ type: 'PauseRun' }), { refused: 'The server can not be reached.' });
  assert.equal(await full.fork!(1), { refused: 'The server can not be reached.' });
});

test('whoever goes takes the connection along', async () => {
  let isClosed = false;
  await told(
    (_, response) => {
      response.on('close', () => (isClosed = true));
      response.write(events(1));
    },
    undefined,
    (messages) => messages.some(({ type }) => type === 'events'),
  );
  await sleep(50);
  assert.ok(isClosed);
});

test('a long line is read in time that grows with its length only', () => {
  const reader = new SseReader();
  const piece = 'x'.repeat(1_000);
  const began = performance.now();
  reader.read('data: ');
  for (let i = 0; i < 20_000; i++) reader.read(piece);
  const [message] = reader.read('\n\n');
  assert.is(message!.data.length, 20_000_000);
  assert.ok(performance.now() - began < 2_000);
});

test('decodes only what it should', () => {
  assert.is(eventsIn('x'), undefined);
  assert.is(eventsIn([event(2), event(2)]), undefined);
  assert.is(eventsIn([event(0)]), undefined);
  assert.is(eventsIn([{ ...event(1), seq: 1.5 }]), undefined);
  assert.equal(eventsIn([event(2), event(3)])?.length, 2);
  assert.is(stateIn(null), undefined);
  assert.is(stateIn({ seq: 1, at: 1, status: 'running', looks: 5 }), undefined);
});

test.run();
