// timeout: 60000
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitEvent, setConcurrency, type DagRun } from '../../lib/index.js';
import { fromServer } from '../../lib/viewer/source/fromServer.js';
import { RUNNING, SUCCEEDED } from '../../lib/viewer/theme/looks.js';
import { RunView } from '../../lib/viewer/view/RunView.js';
import { raw, request, held, serving } from './serving.js';

const test = suite('a viewer that lags behind a run');

const sleep = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, ms));
const busy = async (run: DagRun, times: number): Promise<void> => {
  for (let i = 0; i < times; i++) await run.dispatch(setConcurrency(1 + (run.snapshot.maxParallelNodes % 9)));
};
const until = async (isSo: () => boolean, what: () => unknown, withinMs = 10_000): Promise<void> => {
  const late = performance.now() + withinMs;
  while (!isSo()) {
    assert.ok(performance.now() < late, JSON.stringify(what()));
    await sleep(10);
  }
};

/** A way to a server that can be slow. */
class SlowWay {
  /** How long each page of events takes. */
  pageMs = 0;
  readonly #way: Server;
  readonly #streams = new Map<IncomingMessage, ServerResponse>();
  #isHeld = false;

  constructor(port: number) {
    this.#way = createServer((incoming, response) => {
      const { url = '', headers } = incoming;
      const options = { port, host: '127.0.0.1', path: url, headers: { ...headers, host: `127.0.0.1:${port}` } };
      const passed = ask(options, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        if (url.includes('/stream')) this.#streams.set(answer, response);
        if (!this.#isHeld || !url.includes('/stream')) answer.pipe(response);
      });
      passed.on('error', () => response.destroy());
      response.on('close', () => passed.destroy());
      setTimeout(() => passed.end(), url.includes('/events?') ? this.pageMs : 0);
    });
  }

  /** Its address. */
  async open(): Promise<string> {
    await new Promise<void>((listening) => this.#way.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.#way.address() as AddressInfo).port}`;
  }

  /** Lets nothing of a stream through, or again. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    for (const [answer, response] of this.#streams)
      if (isHeld) answer.unpipe(response).pause();
      else answer.pipe(response);
  }

  close(): void {
    this.#way.closeAllConnections();
    this.#way.close();
  }
}

/** Shows a run over a slow way. */
const watching = async (
  run: DagRun,
  use: (view: RunView, way: SlowWay) => Promise<void>,
  prepare: (way: SlowWay) => void = () => undefined,
): Promise<void> =>
  serving({ runs: [run] }, async (server) => {
    const way = new SlowWay(server.port);
    prepare(way);
    const view = new RunView(fromServer({ url: await way.open(), runId: run.runId, token: server.tokens.reader }));
    try {
      await until(
        () => view.size === 3,
        () => view.connection,
      );
      await use(view, way);
    } finally {
      view.close();
      way.close();
    }
  });

test('shows what happens now, though many events are still on their way', async () => {
  const { run, release } = held();
  await busy(run, 26_000); // more than whoever comes is told before the present
  await watching(
    run,
    async (view, way) => {
      const [gate, next] = [view.indexOf('gate')!, view.indexOf('n0')!];
      await until(
        () => view.connection.missing > 10_000,
        () => view.connection,
      );
      await until(
        () => view.looks[gate] === RUNNING,
        () => view.looks,
      );
      let worst = 0;
      let shown = 0;
      const began = performance.now();
      for (let since = began; performance.now() < began + 3_000; await sleep(20)) {
        await busy(run, 1);
        if (view.seq > shown) since = performance.now();
        shown = view.seq;
        worst = Math.max(worst, performance.now() - since);
      }
      assert.ok(view.connection.missing > 5_000, 'the gap was closed too soon to tell anything');
      assert.ok(worst < 1_500, `for ${worst} ms nothing new was shown`);
      release();
      await run.report;
      await until(
        () => view.looks[next] === SUCCEEDED && view.isOver,
        () => view.connection,
        3_000,
      );
      assert.ok(view.connection.missing > 0);
      way.pageMs = 0;
      await until(
        () => view.connection.state === 'ended',
        () => view.connection,
        20_000,
      );
      assert.equal([view.connection.missing, view.log.size], [0, run.snapshot.seq]);
    },
    (way) => (way.pageMs = 1_500),
  );
});

test('shows what happens now, though what came before is not kept', async () => {
  const { run, release } = held({ config: { historyEvents: 50 } });
  await watching(run, async (view, way) => {
    const next = view.indexOf('n0')!;
    await until(
      () => view.connection.state === 'live' && view.head === run.snapshot.seq,
      () => view.connection,
    );
    way.hold(true);
    for (let i = 0; i < 150; i++) {
      await run.dispatch(emitEvent('large', 'x'.repeat(200_000))); // until the stream takes no more
      if (i % 10 === 0) await sleep(20);
    }
    await busy(run, 4_000); // before these nothing is kept
    way.hold(false);
    await until(
      () => view.connection.text !== undefined,
      () => view.connection,
    );
    for (let i = 0; i < 5; i++) {
      await busy(run, 50);
      await until(
        () => view.seq === run.snapshot.seq,
        () => [view.seq, run.snapshot.seq],
        3_000,
      );
    }
    assert.ok(view.connection.missing > 300);
    release();
    await run.report;
    await until(
      () => view.looks[next] === SUCCEEDED && view.isOver,
      () => view.connection,
      3_000,
    );
    await until(
      () => view.connection.state === 'ended',
      () => view.connection,
    );
    assert.is(view.seq, run.snapshot.seq);
    assert.match(view.connection.text!, 'no longer kept');
  });
});

test('how a run looks is told to whoever may look, made seldom, and of a run that has ended as it ended', async () => {
  const { run, release } = held();
  await serving({ runs: [run] }, async ({ port, tokens }) => {
    const path = 'GET /api/runs/held/state';
    const look = async (): Promise<{ seq: number; status: string }> => {
      const answer = await raw(port, request(port, path, { authorization: `Bearer ${tokens.reader}` }));
      assert.is(answer.status, 200, answer.body);
      return JSON.parse(answer.body) as { seq: number; status: string };
    };
    assert.is((await raw(port, request(port, path))).status, 401);
    const before = await look();
    assert.equal([before.seq, before.status], [run.snapshot.seq, 'running']);
    release();
    await run.report;
    const after = await look();
    assert.equal([after.seq, after.status], [run.snapshot.seq, 'succeeded']);
  });
});

test.run();
