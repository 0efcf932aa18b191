import * as E from '#fp-ts/Either';
import type { TaskEither } from '#fp-ts/TaskEither';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  action,
  initialSnapshot,
  reduce,
  type EventBody,
  type EventStore,
  type ExecutionEvent,
  type StoreError,
} from '../../lib/index.js';
import { checkLog } from '../../lib/testing/index.js';
import { logOf, node, runStarted, started, succeeded } from '../support/logOf.js';

/** A store under test, and further handles on what it keeps. */
export interface Opened {
  readonly store: EventStore;
  /** Another handle on the same runs, as another process would have it; the same one where there can be no other. */
  again(): EventStore;
  close(): Promise<void>;
  /** Takes the last events off a run's log, as a crash may that loses what was stored last; of stores that may lose it. */
  lose?(runId: string, lastSeq: number): Promise<void>;
}

/** What a store has to have only if it says so; what it does not claim it must not half have. */
export interface Claims {
  /** Owners hold runs by leases of so many milliseconds, which end when nobody renews them. 0: as long as they live. */
  readonly leaseMs: number;
  /** The last events may be lost in a crash of what keeps them, and an owner learns it. */
  readonly losesTails: boolean;
  /** The very same append once more is a success: its answer may have been lost on the way. */
  readonly repeats: boolean;
  /** Epochs of runs of one id grow, also behind its removal and through another handle. */
  readonly lastingEpochs: boolean;
}

const get = async <A>(task: TaskEither<StoreError, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`${result.left.type}: ${result.left.message}`);
  return result.right;
};
const refused = async (task: TaskEither<StoreError, unknown>): Promise<StoreError> => {
  const result = await task();
  if (E.isRight(result)) throw new Error(`It was granted: ${JSON.stringify(result.right)}`);
  return result.left;
};
const readAll = async (store: EventStore, runId: string, fromSeq?: number): Promise<readonly ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  for await (const event of store.read(runId, fromSeq)) events.push(event);
  return events;
};

const begun = (runId: string, dagName = 'dag'): EventBody =>
  ({ ...runStarted([node('a'), node('b: a')]), runId, dagName }) as EventBody;
const log = logOf(
  begun('r'),
  started('a'),
  { type: 'NodeProgressed', nodeId: 'a', attempt: 1, value: { text: 'x\ud800 \u2028 \0', n: [1.5, 1e300, null] } },
  succeeded('a'),
  started('b'),
);
const me = { id: 'me', startedAt: 1_000 };

/** What every EventStore has to do. */
export const contract = (name: string, claims: Claims, open: () => Promise<Opened>): void => {
  const test = suite(`store contract: ${name}`);
  const each = (what: string, work: (opened: Opened) => Promise<void>): void =>
    test(what, async () => {
      const opened = await open();
      try {
        await work(opened);
      } finally {
        await opened.close();
      }
    });

  each('keeps what was appended, in order, and reads it from any event on', async ({ store, again }) => {
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
    await get(store.append('r', epoch, 2, log.slice(2), {}));
    for (const handle of [store, again()]) {
      assert.equal(await readAll(handle, 'r'), log);
      for (let from = 1; from <= log.length + 1; from++)
        assert.equal(await readAll(handle, 'r', from), log.slice(from - 1));
    }
    assert.equal(await readAll(store, 'unknown'), []);
  });

  each('refuses an append that does not fit behind the log, and changes nothing', async ({ store }) => {
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
    for (const expected of [0, 1, 3]) {
      const { type, message } = await refused(store.append('r', epoch, expected, log.slice(2), {}));
      assert.is(type, 'Conflict');
      assert.match(message, `ends at 2, not at ${expected}`);
    }
    assert.equal(await readAll(store, 'r'), log.slice(0, 2));
  });

  each('has one owner at a time; another may take over, and the first can write no more', async ({ store, again }) => {
    const first = await get(store.acquire('r', { ...me, pid: 77 }));
    await get(store.append('r', first.epoch, 0, log.slice(0, 1), {}));
    const other = again();
    const { type, message } = await refused(other.acquire('r', { id: 'other', startedAt: 2_000 }));
    assert.is(type, 'OwnedElsewhere');
    assert.match(message, 'Run "r" is owned by process 77 since 1970-01-01T00:00:01.000Z.');
    const second = await get(other.acquire('r', { id: 'other', pid: 78, startedAt: 2_000 }, { takeOver: true }));
    assert.ok(second.epoch > first.epoch);
    const fenced = await refused(store.append('r', first.epoch, 1, log.slice(1), {}));
    assert.is(fenced.type, 'Fenced');
    assert.match(
      fenced.message,
      'Another process has taken run "r" over (process 78 since 1970-01-01T00:00:02.000Z); ',
    );
    await get(other.append('r', second.epoch, 1, log.slice(1, 3), {}));
    assert.is((await refused(store.append('r', first.epoch, 1, log.slice(1, 2), {}))).type, 'Fenced', 'after it wrote');
    await get(other.append('r', second.epoch, 3, log.slice(3), {}));
    assert.equal(await readAll(store, 'r'), log);
  });

  each('is free again after release; an owner that was overtaken releases nothing', async ({ store, again }) => {
    const first = await get(store.acquire('r', me));
    await get(store.append('r', first.epoch, 0, log.slice(0, 1), {}));
    const other = again();
    const second = await get(other.acquire('r', { id: 'other', startedAt: 2_000 }, { takeOver: true }));
    await get(store.release('r', first.epoch));
    assert.is((await refused(store.acquire('r', { id: 'third', startedAt: 3 }))).type, 'OwnedElsewhere');
    await get(other.release('r', second.epoch));
    const third = await get(store.acquire('r', { id: 'third', startedAt: 3 }));
    assert.ok(third.epoch > second.epoch);
  });

  each('remembers how far hooks have answered', async ({ store, again }) => {
    const { epoch } = await get(store.acquire('r', me));
    assert.equal(await get(store.answered('r')), {});
    await get(store.append('r', epoch, 0, log.slice(0, 2), { h: 1, 'ünder\0': 0 }));
    await get(store.append('r', epoch, 2, log.slice(2), { h: 4 }));
    assert.equal(await get(again().answered('r')), { h: 4, 'ünder\0': 0 });
  });

  each('lists runs, by name and status, with their ends', async ({ store, again }) => {
    for (const [i, runId] of ['one', '__proto__', 'three'].entries()) {
      const { epoch } = await get(store.acquire(runId, { id: runId, startedAt: 1 }));
      const events = logOf(begun(runId, i === 2 ? 'other' : 'dag'));
      await get(store.append(runId, epoch, 0, events, {}));
      if (i !== 1) continue;
      const end = { seq: 2, at: events[0]!.at + 5, type: 'RunSettled', status: 'failed', success: false } as const;
      await get(store.append(runId, epoch, 1, [end], {}));
    }
    const runs = await get(again().runs());
    assert.equal(
      runs.map(({ runId, dagName, status, seq }) => [runId, dagName, status, seq]),
      [
        ['one', 'dag', 'running', 1],
        ['__proto__', 'dag', 'failed', 2],
        ['three', 'other', 'running', 1],
      ],
    );
    assert.equal(
      runs.map(({ endedAt, startedAt }) => endedAt !== undefined && endedAt - startedAt),
      [false, 5, false],
    );
    assert.equal(
      (await get(store.runs({ dagName: 'other' }))).map(({ runId }) => runId),
      ['three'],
    );
    assert.equal(
      (await get(store.runs({ status: 'failed' }))).map(({ runId }) => runId),
      ['__proto__'],
    );
    assert.equal(
      (await get(again().runs({ isOpen: true }))).map(({ runId }) => runId),
      ['one', 'three'],
    );
  });

  each('tells who holds a run, for as long as somebody does', async ({ store, again }) => {
    const owned = async (): Promise<unknown> => {
      const [run] = await get(again().runs({ withOwner: true }));
      return run!.owner?.id;
    };
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, logOf(begun('r')), {}));
    assert.is(await owned(), 'me');
    assert.is((await get(again().runs()))[0]!.owner, undefined, 'nobody asked');
    await get(store.release('r', epoch));
    assert.is(await owned(), undefined);
  });

  each('lets a fork begin when it was made', async ({ store, again }) => {
    const { epoch } = await get(store.acquire('r', me));
    const [first] = logOf({ ...begun('r'), forkedFrom: { runId: 'other', seq: 3, at: 99 } } as EventBody);
    await get(store.append('r', epoch, 0, [first!], {}));
    assert.is((await get(again().runs()))[0]!.startedAt, 99);
  });

  each('removes a run', async ({ store, again }) => {
    for (const runId of ['r', 'kept']) {
      const { epoch } = await get(store.acquire(runId, me));
      await get(store.append(runId, epoch, 0, logOf(begun(runId)), {}));
      await get(store.release(runId, epoch));
    }
    await get(again().remove('r'));
    assert.equal(await readAll(store, 'r'), []);
    assert.equal(
      (await get(store.runs())).map(({ runId }) => runId),
      ['kept'],
    );
    await get(store.remove('never was'));
  });

  each('removes no run that has a living owner', async ({ store, again }) => {
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log, {}));
    for (const handle of [store, again()]) assert.is((await refused(handle.remove('r'))).type, 'OwnedElsewhere');
    assert.equal(await readAll(store, 'r'), log);
  });

  each(
    'lets whoever gave a run free, or lost it to another of the same id, write nothing',
    async ({ store, again }) => {
      const first = await get(store.acquire('r', me));
      await get(store.append('r', first.epoch, 0, log.slice(0, 2), {}));
      await get(store.release('r', first.epoch));
      assert.is((await refused(store.append('r', first.epoch, 2, log.slice(2), {}))).type, 'Fenced');
      const other = again();
      await get(other.remove('r'));
      const second = await get(other.acquire('r', { id: 'other', startedAt: 2 }));
      await get(other.append('r', second.epoch, 0, log.slice(0, 2), {}));
      assert.is((await refused(store.append('r', first.epoch, 2, log.slice(2), {}))).type, 'Fenced');
      await get(store.release('r', first.epoch));
      await get(other.append('r', second.epoch, 2, log.slice(2), {}));
      assert.equal(await readAll(store, 'r'), log);
    },
  );

  each('tells a run from a removed one of the same id, begun at the same time', async ({ store }) => {
    const executor = new DagExecutor({ registry: new ActionRegistry(), store });
    for (const nodeId of ['a', 'b']) {
      const { epoch } = await get(store.acquire('r', me));
      await get(store.append('r', epoch, 0, logOf(begun('r'), started(nodeId), succeeded(nodeId)), {}));
      await get(store.release('r', epoch));
      assert.is((await executor.snapshotAt('r', 3)).node(nodeId)!.status, 'succeeded', nodeId);
      await get(store.remove('r'));
    }
  });

  each('shows the past of a run that goes on to several who look at once', async ({ store }) => {
    const executor = new DagExecutor({ registry: new ActionRegistry(), store });
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
    await executor.snapshotAt('r', 2);
    await get(store.append('r', epoch, 2, log.slice(2), {}));
    const seen = await Promise.all([5, 3, 4, 5].map((seq) => executor.snapshotAt('r', seq)));
    for (const state of seen)
      assert.equal(state.toJSON(), log.slice(0, state.seq).reduce(reduce, initialSnapshot()).toJSON());
    assert.equal(
      seen.map(({ seq }) => seq),
      [5, 3, 4, 5],
    );
  });

  each('gives each owner an epoch above all before', async ({ store, again }) => {
    const epochs: number[] = [];
    const take = async (handle: EventStore): Promise<void> => {
      const { epoch } = await get(handle.acquire('r', me));
      epochs.push(epoch);
      await get(handle.append('r', epoch, 0, logOf(begun('r')), {}));
      await get(handle.release('r', epoch));
      await get(handle.remove('r'));
    };
    for (const handle of [store, store, ...(claims.lastingEpochs ? [again(), store] : [])]) await take(handle);
    assert.ok(
      epochs.every((epoch, i) => Number.isSafeInteger(epoch) && epoch > (epochs[i - 1] ?? 0)),
      epochs.join(', '),
    );
  });

  each('gives a run to its own owner again, in a new epoch; the old one writes no more', async ({ store }) => {
    const first = await get(store.acquire('r', me));
    await get(store.append('r', first.epoch, 0, log.slice(0, 2), {}));
    const second = await get(store.acquire('r', me));
    assert.ok(second.epoch > first.epoch);
    assert.is((await refused(store.append('r', first.epoch, 2, log.slice(2), {}))).type, 'Fenced');
    await get(store.release('r', first.epoch));
    await get(store.append('r', second.epoch, 2, log.slice(2), {}));
    assert.equal(await readAll(store, 'r'), log);
  });

  each('lets only the handle write that has acquired the run', async ({ store, again }) => {
    const other = again();
    if (other === store) return;
    const { epoch } = await get(store.acquire('r', me));
    await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
    assert.is((await refused(other.append('r', epoch, 2, log.slice(2), {}))).type, 'Fenced');
    await get(other.release('r', epoch));
    await get(store.append('r', epoch, 2, log.slice(2), {}));
  });

  each(
    claims.repeats ? 'takes an append that comes again for done' : 'refuses an append that comes again',
    async ({ store }) => {
      const { epoch } = await get(store.acquire('r', me));
      await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
      for (let i = 0; i < 2; i++) {
        if (claims.repeats) await get(store.append('r', epoch, 0, log.slice(0, 2), {}));
        else assert.is((await refused(store.append('r', epoch, 0, log.slice(0, 2), {}))).type, 'Conflict');
      }
      assert.is((await refused(store.append('r', epoch, 0, log.slice(0, 1), {}))).type, 'Conflict', 'another one');
      await get(store.append('r', epoch, 2, log.slice(2), {}));
      assert.is((await refused(store.append('r', epoch, 0, log.slice(0, 2), {}))).type, 'Conflict', 'an old one');
      assert.equal(await readAll(store, 'r'), log);
      const second = await get(store.acquire('r', me));
      const again = await refused(store.append('r', second.epoch, 2, log.slice(2), {}));
      assert.is(again.type, 'Conflict', 'of an owner before');
    },
  );

  each(
    claims.losesTails ? 'tells an owner whose last events are lost' : 'loses nothing',
    async ({ store, again, lose }) => {
      assert.is(lose !== undefined, claims.losesTails);
      if (lose === undefined) return;
      const { epoch } = await get(store.acquire('r', me));
      await get(store.append('r', epoch, 0, log.slice(0, 3), {}));
      await lose('r', 2);
      const { type, message } = await refused(store.append('r', epoch, 3, log.slice(3), {}));
      assert.is(type, 'Diverged');
      assert.match(message, /ends at 2, though 3 events were stored/);
      const other = again();
      const second = await get(other.acquire('r', { id: 'other', startedAt: 2 }, { takeOver: true }));
      assert.equal(await readAll(other, 'r'), log.slice(0, 2));
      await get(other.append('r', second.epoch, 2, log.slice(2), {}));
      assert.is((await refused(store.append('r', epoch, 3, log.slice(3), {}))).type, 'Fenced');
      assert.equal(await readAll(other, 'r'), log);
    },
  );

  each(
    claims.leaseMs > 0 ? 'keeps a run for its owner by a lease that is renewed' : 'has no leases',
    async ({ store, again }) => {
      assert.is(store.held !== undefined, claims.leaseMs > 0);
      if (store.held === undefined) return;
      const { epoch } = await get(store.acquire('r', me));
      await get(store.append('r', epoch, 0, log.slice(0, 1), {}));
      const news: string[] = [];
      const watch = (of: number): void =>
        void store.held!('r', of).subscribe({
          error: ({ type, message }: StoreError) => news.push(`${type}: ${message}`),
          complete: () => news.push('released'),
        });
      watch(epoch);
      await sleep(claims.leaseMs * 1.5);
      const other = again();
      const wish = { id: 'other', startedAt: 2_000 };
      assert.is((await refused(other.acquire('r', wish))).type, 'OwnedElsewhere', 'renewed');
      assert.equal(news, []);
      await get(store.release('r', epoch));
      assert.equal(news.splice(0), ['released']);
      const second = await get(store.acquire('r', me));
      watch(epoch);
      assert.equal(
        news.splice(0).map((line) => line.split(':')[0]),
        ['Fenced'],
        'an old epoch',
      );
      watch(second.epoch);
      const third = await get(other.acquire('r', wish, { takeOver: true }));
      for (let ms = 0; news.length === 0 && ms < claims.leaseMs; ms += 10) await sleep(10);
      assert.is(news.length, 1, 'told within a renewal');
      assert.match(
        news[0]!,
        /^Fenced: Another process has taken run "r" over \(process \d+ since 1970-01-01T00:00:02.000Z\)/,
      );
      await get(other.release('r', third.epoch));
    },
  );

  each('keeps large outputs and long logs as they were', async ({ store, again }) => {
    const { epoch } = await get(store.acquire('r', me));
    const big = { text: 'é'.repeat(100_000), content: 'x'.repeat(43) };
    const events: ExecutionEvent[] = [...logOf(begun('r'), started('a'))];
    for (let seq = 3; seq <= 3_000; seq++)
      events.push({
        seq,
        at: events[0]!.at,
        type: 'NodeProgressed',
        nodeId: 'a',
        attempt: 1,
        value: { seq, content: 'x'.repeat(43) },
      });
    events.push({
      seq: 3_001,
      at: events[0]!.at,
      type: 'NodeSucceeded',
      nodeId: 'a',
      attempt: 1,
      output: big,
      durationMs: 0,
      cached: false,
    });
    await get(store.append('r', epoch, 0, events, {}));
    assert.equal(await readAll(again(), 'r'), events);
    assert.equal(await readAll(again(), 'r', 2_999), events.slice(2_998));
  });

  each('serves a whole run, its resume, a fork and a comparison', async ({ store }) => {
    const calls: string[] = [];
    const registry = new ActionRegistry().register(
      action('work', ({ nodeId, inputs }) => {
        calls.push(nodeId);
        return { of: nodeId, got: inputs };
      }),
    );
    const executor = new DagExecutor({ registry, store });
    const nodes = [
      { id: 'a', action: 'work', inputs: { n: { $ref: 'inputs.n' } } },
      { id: 'b', action: 'work' },
      { id: 'c', action: 'work', inputs: { a: { $ref: 'a.got.n' }, b: { $ref: 'b.of' } } },
    ];
    const first = executor.start({ name: 'g', nodes }, { runId: 'r', inputs: { n: 1 } });
    assert.ok((await first.report).success);
    const events = await readAll(store, 'r');
    assert.equal(
      checkLog(events).map(({ message }) => message),
      [],
    );
    assert.is(JSON.stringify(events.reduce(reduce, initialSnapshot())), JSON.stringify(first.snapshot));
    assert.is(JSON.stringify(await executor.snapshotAt('r', events.length)), JSON.stringify(first.snapshot));
    const resumed = await executor.resume('r');
    assert.ok((await resumed.report).success);
    calls.length = 0;
    const fork = await executor.fork('r', { atSeq: events.length, runId: 'r2', inputs: { n: 2 } });
    const report = await fork.report;
    assert.ok(report.success, report.error);
    assert.equal(calls.toSorted(), ['a', 'c']);
    assert.equal(report.outputs['c'], { of: 'c', got: { a: 2, b: 'b' } });
    const forked = await readAll(store, 'r2');
    assert.equal(
      checkLog(forked).map(({ message }) => message),
      [],
    );
    const { firstDivergingSeq, nodes: differing } = await executor.diff('r', 'r2');
    assert.is(firstDivergingSeq, 1);
    assert.equal(
      differing.map(({ nodeId }) => nodeId),
      ['a', 'c'],
    );
    assert.equal(await executor.diff('r', 'r'), { firstDivergingSeq: undefined, nodes: [] });
  });

  test.run();
};
