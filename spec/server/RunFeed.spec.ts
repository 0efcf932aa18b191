import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../lib/index.js';
import { RunFeed } from '../../lib/server/RunFeed.js';
import type { LogFollower, RunLog } from '../../lib/server/RunLog.js';
import { SseReader } from '../../lib/viewer/source/SseReader.js';

const test = suite('RunFeed');

const eventAt = (seq: number): ExecutionEvent => ({ seq, at: seq, type: 'RunQuiescent' });

/** A log of which a spec says how long it is and what is told of it. */
class Told implements RunLog {
  readonly runId = 'told';
  head = 0;
  isOver = false;
  owner = { where: 'here' } as const;
  readonly reads: string[] = [];
  follower: LogFollower | undefined;

  async *read(from: number, to: number): AsyncIterable<ExecutionEvent> {
    this.reads.push(`${from}-${to}`);
    for (let seq = from; seq <= to; seq++) yield eventAt(seq);
  }

  follow(follower: LogFollower): () => void {
    this.follower = follower;
    return () => (this.follower = undefined);
  }

  tell(from: number, to: number): void {
    for (let seq = from; seq <= to; seq++) this.follower!.event(eventAt(seq));
    this.head = Math.max(this.head, to);
  }
}

/** A client that keeps what it is sent. */
class Sink extends EventEmitter {
  destroyed = false;
  writableEnded = false;
  writableLength = 0;
  readonly seqs: number[] = [];
  readonly kinds: string[] = [];
  readonly #reader = new SseReader();

  writeHead(): void {}
  flushHeaders(): void {}
  write(text: Buffer | string): void {
    for (const { event, data } of this.#reader.read(text.toString())) {
      this.kinds.push(event);
      if (event === 'events') this.seqs.push(...(JSON.parse(data) as { seq: number }[]).map(({ seq }) => seq));
    }
  }
  end(): void {
    this.writableEnded = true;
    this.emit('close');
  }
}

const to = (last: number): readonly number[] => Array.from({ length: last }, (_, i) => i + 1);
const pass = (): Promise<void> => new Promise((later) => setTimeout(later, 60));
const joined = (log: Told, from = 1): { readonly feed: RunFeed; readonly sink: Sink } => {
  const feed = new RunFeed(log, JSON.stringify);
  const sink = new Sink();
  feed.join(sink as unknown as ServerResponse, from, () => undefined);
  return { feed, sink };
};

test('reads from the log what lies between its head and what is told next', async () => {
  const log = new Told();
  log.head = 2;
  const { sink } = joined(log);
  await pass();
  assert.equal(sink.seqs, to(2));
  log.tell(6, 8); // 3 to 5 were appended, and nobody said so
  await pass();
  assert.equal(sink.seqs, to(8));
  assert.equal(log.reads, ['1-2', '3-8']);
  sink.end();
});

test('tells nothing twice that the log had before it was told', async () => {
  const log = new Told();
  log.head = 5;
  const { sink } = joined(log);
  await pass();
  log.tell(4, 5);
  await pass();
  log.tell(6, 6);
  await pass();
  assert.equal(sink.seqs, to(6));
  log.head = 9;
  log.follower!.grown();
  log.tell(8, 11);
  await pass();
  assert.equal(sink.seqs, to(11));
  sink.end();
});

test('tells a batch at once to whoever is where it begins', async () => {
  const log = new Told();
  const { sink } = joined(log);
  log.tell(1, 3);
  assert.equal(sink.seqs, []);
  await pass();
  log.tell(4, 4);
  await pass();
  assert.equal(sink.seqs, to(4));
  assert.equal(log.reads, []);
  assert.equal(sink.kinds, ['owner', 'live', 'events', 'events']);
  sink.end();
});

test('tells what is left, and that it is over', async () => {
  const log = new Told();
  const { sink } = joined(log);
  log.tell(1, 3);
  log.isOver = true;
  log.follower!.over('It broke.');
  await pass();
  assert.equal(sink.seqs, to(3));
  assert.equal(sink.kinds, ['owner', 'live', 'events', 'over']);
  assert.ok(sink.writableEnded);
  assert.is(log.follower, undefined);
});

test('stops listening with the last who goes, and begins anew with the next', async () => {
  const log = new Told();
  const { feed, sink } = joined(log);
  log.tell(1, 2);
  await pass();
  sink.end();
  assert.is(log.follower, undefined);
  log.head = 7;
  const next = new Sink();
  feed.join(next as unknown as ServerResponse, 3, () => undefined);
  await pass();
  assert.equal(next.seqs, [3, 4, 5, 6, 7]);
  next.end();
});

test.run();
