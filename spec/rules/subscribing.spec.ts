import { config, take, type Observable } from 'rxjs';
import * as assert from 'uvu/assert';
import { DagError, type DagRun, type ExecutionEvent } from '../../lib/index.js';
import { labSuite, realExecutor, specs, type Lab, type Trial } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Subscribing');

/** A chain of so many nodes, each of a millisecond. */
const chain = (n: number): readonly string[] =>
  Array.from({ length: n }, (_, i) => (i === 0 ? 'n0' : `n${i}: n${i - 1}`));

const started = (lab: Lab, n = 5): Trial => lab.start(chain(n), { does: { '*': 1 } });

const seqs = (events: readonly ExecutionEvent[]): readonly number[] => events.map(({ seq }) => seq);
const upTo = (n: number, from = 1): readonly number[] => Array.from({ length: n - from + 1 }, (_, i) => from + i);

test('right after start the snapshot is of seq 0, without nodes', (lab) => {
  const run = lab.executor().start({ name: 'g', nodes: specs(['a']) });
  assert.is(run.snapshot.seq, 0);
  assert.equal([...run.snapshot.nodes()], []);
  assert.is(run.dagName, 'g');
});

test('the first delivery comes one microtask after start on the real clock', async () => {
  const run = realExecutor().start({ name: 'g', nodes: specs(['a']) });
  const seen: string[] = [];
  run.event$.subscribe(({ type }) => seen.push(type));
  assert.equal(seen, []);
  await Promise.resolve();
  assert.is(seen[0], 'RunStarted');
  await run.report;
});

test('the first delivery is scheduled on a virtual clock', (lab) => {
  if (lab.store !== undefined) return;
  const trial = started(lab);
  assert.is(trial.events.length, 0);
  lab.time.step();
  assert.is(trial.events[0]!.type, 'RunStarted');
});

test('event$ is live, from seq 1 for whoever subscribes in the same turn', async (lab) => {
  const trial = started(lab);
  const [first, late] = [[], []] as [ExecutionEvent[], ExecutionEvent[]];
  trial.run.event$.subscribe((event) => first.push(event));
  await trial.pass(2);
  const before = trial.events.length;
  trial.run.event$.subscribe((event) => late.push(event));
  await trial.end();
  assert.equal(seqs(first), upTo(trial.events.length));
  assert.equal(seqs(late), upTo(trial.events.length, before + 1));
});

test('event$ completes after RunSettled', async (lab) => {
  const trial = started(lab);
  const said: string[] = [];
  trial.run.event$.subscribe({ next: ({ type }) => said.push(type), complete: () => said.push('complete') });
  await trial.end();
  assert.equal(said.slice(-2), ['RunSettled', 'complete']);
  let late = '';
  trial.run.event$.subscribe({ next: () => (late += 'next'), complete: () => (late += 'complete') });
  assert.is(late, 'complete');
});

test('eventsFrom gives history, then live events, without gap or repeat, wherever one begins', async (lab) => {
  const trial = started(lab);
  const all: number[][] = [];
  const listen = (from: number): void => {
    const seen: number[] = [];
    all[from] = seen;
    trial.run.eventsFrom(from).subscribe(({ seq }) => seen.push(seq));
  };
  for (const from of [1, 3, 99]) listen(from);
  await trial.pass(2);
  for (const from of [2, 5, trial.events.length, trial.events.length + 1]) listen(from);
  await trial.end();
  for (const from of [4, trial.events.length, trial.events.length + 1, 1_000]) listen(from);
  for (const [from, seen] of all.entries())
    if (seen !== undefined) assert.equal(seen, upTo(trial.events.length, from), `from ${from}`);
});

test('eventsFrom may be subscribed from inside next, and left in the middle', async (lab) => {
  const trial = started(lab);
  const [inner, some] = [[], []] as [number[], number[]];
  trial.run.event$.subscribe(({ seq }) => {
    if (seq === 4) trial.run.eventsFrom(1).subscribe((event) => inner.push(event.seq));
  });
  trial.run
    .eventsFrom(2)
    .pipe(take(3))
    .subscribe(({ seq }) => some.push(seq));
  await trial.end();
  assert.equal(inner, upTo(trial.events.length));
  assert.equal(some, [2, 3, 4]);
});

test('the iterator gives the log from 1, also when it is begun late', async (lab) => {
  const trial = started(lab);
  const read = async (run: DagRun): Promise<readonly number[]> => {
    const seen: number[] = [];
    for await (const { seq } of run) seen.push(seq);
    return seen;
  };
  const early = read(trial.run);
  await trial.pass(2);
  const late = read(trial.run);
  await trial.end();
  assert.equal(await early, upTo(trial.events.length));
  assert.equal(await late, upTo(trial.events.length));
  assert.equal(await read(trial.run), upTo(trial.events.length));
});

test('break and return leave the log, also while a next is waiting', async (lab) => {
  const trial = started(lab);
  const seen: number[] = [];
  const breaking = (async () => {
    for await (const { seq } of trial.run) {
      seen.push(seq);
      if (seq === 3) break;
    }
  })();
  await trial.end();
  await breaking;
  assert.equal(seen, [1, 2, 3]);

  const open = lab.start(['a'], { does: { a: 1_000 } });
  const iterator = open.run[Symbol.asyncIterator]();
  await open.pass(1);
  while (
    open.events.length > seen.length - 1 &&
    (await Promise.race([iterator.next(), Promise.resolve(undefined)])) === undefined
  )
    break;
  const waiting = iterator
    .next()
    .then(() => iterator.next())
    .then(() => iterator.next());
  await iterator.return!();
  assert.is((await waiting).done, true);
  assert.is((await iterator.next()).done, true);
  await open.cancel();
});

test('an iterator nobody reads costs the run nothing', async (lab) => {
  const trial = started(lab, 50);
  const iterator = trial.run[Symbol.asyncIterator]();
  assert.ok((await trial.end()).success);
  assert.is((await iterator.next()).value.seq, 1);
});

test('several calls of next without waiting get one event each, in order', async (lab) => {
  const trial = started(lab);
  const iterator = trial.run[Symbol.asyncIterator]();
  const all = Promise.all([1, 2, 3, 4].map(() => iterator.next()));
  await trial.end();
  assert.equal(
    (await all).map(({ value }) => (value as ExecutionEvent).seq),
    [1, 2, 3, 4],
  );
});

test('snapshot$ gives the present one at once, then one per transition, and completes after the last', async (lab) => {
  const trial = started(lab);
  await trial.pass(2);
  const now = trial.run.snapshot;
  const seen: number[] = [];
  let completed = false;
  trial.run.snapshot$.subscribe({ next: ({ seq }) => seen.push(seq), complete: () => (completed = true) });
  assert.equal(seen, [now.seq]);
  await trial.end();
  assert.ok(completed);
  assert.is(seen.at(-1), trial.events.length);
  assert.equal(seen, [...new Set(seen)]);
});

test('a late subscriber to an ended run gets the last snapshot and completion', async (lab) => {
  const trial = await lab.finish(['a']);
  const said: string[] = [];
  trial.run.snapshot$.subscribe({ next: ({ status }) => said.push(status), complete: () => said.push('complete') });
  assert.equal(said, ['succeeded', 'complete']);
});

test('unsubscribing never cancels a hot run', async (lab) => {
  const trial = started(lab);
  const subscriptions = [
    trial.run.event$.subscribe(),
    trial.run.snapshot$.subscribe(),
    trial.run.eventsFrom(1).subscribe(),
  ];
  await trial.pass(1);
  for (const subscription of subscriptions) subscription.unsubscribe();
  assert.ok((await trial.end()).success);
});

test('what a subscriber throws harms neither the run nor other subscribers', async (lab) => {
  const unhandled: string[] = [];
  config.onUnhandledError = (error) => unhandled.push((error as Error).message);
  const trial = started(lab);
  for (const source$ of [trial.run.event$, trial.run.snapshot$, trial.run.eventsFrom(1)] as Observable<unknown>[])
    source$.subscribe(() => {
      throw new Error('mine');
    });
  const seen: number[] = [];
  trial.run.event$.subscribe(({ seq }) => seen.push(seq));
  assert.ok((await trial.end()).success);
  await new Promise((resolve) => setTimeout(resolve, 5));
  config.onUnhandledError = null;
  assert.equal(seen, upTo(trial.events.length));
  assert.ok(unhandled.length >= 3 && unhandled.every((message) => message === 'mine'), unhandled.join());
});

test.bare(
  'keeps the latest historyEvents events; asking for older ones errors with a DagError that says so',
  async (lab) => {
    const trial = await lab.finish(chain(3_000), { does: { '*': () => 1 }, config: { historyEvents: 1_000 } });
    let error: unknown;
    trial.run.eventsFrom(1).subscribe({ error: (e: unknown) => (error = e) });
    assert.instance(error, DagError);
    assert.is((error as DagError).type, 'HistoryDropped');
    const kept: number[] = [];
    trial.run
      .eventsFrom(trial.events.length - 900)
      .subscribe({ next: ({ seq }) => kept.push(seq), error: () => kept.push(0) });
    assert.is(kept.length, 901);
    const failed = await trial.run[Symbol.asyncIterator]()
      .next()
      .then(
        () => undefined,
        (e: unknown) => e,
      );
    assert.instance(failed, DagError);
  },
);

test.bare('keeps the whole log by default', async (lab) => {
  const trial = await lab.finish(chain(3_000), { does: { '*': () => 1 } });
  const kept: number[] = [];
  trial.run.eventsFrom(1).subscribe(({ seq }) => kept.push(seq));
  assert.is(kept.length, trial.events.length);
});

test.stored('reads back from the store what memory does not keep', async (lab) => {
  const wide = Array.from({ length: 6_000 }, (_, i) => `n${i}`);
  const trial = lab.start(wide, { config: { history: false, maxParallelNodes: wide.length } });
  await lab.time.until(trial.run);
  const kept: number[] = [];
  const read = new Promise<void>((resolve, reject) => {
    trial.run.eventsFrom(1).subscribe({ next: ({ seq }) => kept.push(seq), error: reject, complete: resolve });
  });
  await lab.time.until(read);
  assert.equal(kept, upTo(trial.events.length));
  const iterator = trial.run[Symbol.asyncIterator]();
  for (const seq of [1, 2, 3]) {
    const { done, value } = await lab.time.until(iterator.next());
    assert.equal([done, (value as ExecutionEvent).seq], [false, seq]);
  }
  await iterator.return!();
});

test('cold: each subscription to execute$ is a run of its own', async (lab) => {
  let runs = 0;
  const executor = lab.executor({ does: { a: () => ++runs } });
  const report$ = executor.execute$({ name: 'g', nodes: [node('a')] });
  assert.is(runs, 0);
  const seen: unknown[] = [];
  report$.subscribe(({ outputs }) => seen.push(outputs['a']));
  report$.subscribe(({ outputs }) => seen.push(outputs['a']));
  await lab.pass();
  assert.equal(seen, [1, 2]);
});

test.run();
