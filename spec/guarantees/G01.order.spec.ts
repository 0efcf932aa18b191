import { EMPTY, Observable, filter, map, mergeMap, of, tap } from 'rxjs';
import * as assert from 'uvu/assert';
import {
  emitEvent,
  initialSnapshot,
  ofType,
  reduce,
  setPriority,
  type ExecutionEvent,
  type HookOperator,
} from '../../lib/index.js';
import { random } from '../../lib/testing/index.js';
import { labSuite } from '../support/executor.js';
import { firstSeed } from '../simulation/seeds.js';

const test = labSuite('G1 Order');

const diamond = ['a', 'b: a', 'c: a', 'd: b c'];

/** A hook that keeps what it is shown. */
const watcher =
  (seen: ExecutionEvent[]): HookOperator =>
  (event$) =>
    event$.pipe(
      tap((event) => seen.push(event)),
      mergeMap(() => EMPTY),
    );

/** A hook that answers each start at once, from inside `next`. */
const echo: HookOperator = (event$) =>
  event$.pipe(
    ofType('NodeStarted'),
    map(({ nodeId }) => emitEvent('echo', nodeId)),
  );

test('numbers the events from 1 without a gap', async (lab) => {
  const { events } = await lab.finish(diamond, { does: { b: 5, c: 3 }, hooks: [echo] });
  assert.equal(
    events.map(({ seq }) => seq),
    events.map((_, i) => i + 1),
  );
  assert.is(events[0]!.type, 'RunStarted');
  assert.is(events.at(-1)!.type, 'RunSettled');
});

test('shows every subscriber, hook and reader the same events in the same order', async (lab) => {
  const [operator, method, live, history] = [[], [], [], []] as ExecutionEvent[][] as [
    ExecutionEvent[],
    ExecutionEvent[],
    ExecutionEvent[],
    ExecutionEvent[],
  ];
  const trial = lab.start(diamond, {
    does: { b: 5, c: 5 },
    hooks: [echo, watcher(operator), { name: 'method', onEvent: (_, event) => void method.push(event) }, echo],
  });
  trial.run.event$.subscribe((event) => live.push(event));
  trial.run.eventsFrom(1).subscribe((event) => history.push(event));
  await trial.end();
  const read: ExecutionEvent[] = [];
  for await (const event of trial.run) read.push(event);
  for (const [who, seen] of Object.entries({ operator, method, live, history, read }))
    assert.equal(seen, trial.events, who);
});

test('keeps the order when a hook answers from inside next', async (lab) => {
  const [before, after] = [[], []] as [ExecutionEvent[], ExecutionEvent[]];
  await lab.finish(['a', 'b'], { hooks: [watcher(before), echo, watcher(after)] });
  assert.equal(before, after);
  const kinds = before.map(({ type }) => type);
  assert.ok(kinds.indexOf('CustomEmitted') > kinds.lastIndexOf('NodeStarted'), kinds.join(' '));
});

test('keeps the order when hooks answer each other', async (lab) => {
  const talk =
    (mine: string, theirs: string): HookOperator =>
    (event$) =>
      event$.pipe(
        ofType('CustomEmitted'),
        filter(({ name, payload }) => name === theirs && (payload as number) < 10),
        map(({ payload }) => emitEvent(mine, (payload as number) + 1)),
      );
  const seen: ExecutionEvent[] = [];
  const begin: HookOperator = (event$) =>
    event$.pipe(
      ofType('RunStarted'),
      map(() => emitEvent('ping', 0)),
    );
  const { events } = await lab.finish(['a'], {
    hooks: [talk('ping', 'pong'), begin, talk('pong', 'ping'), watcher(seen)],
  });
  assert.equal(seen, events);
  assert.equal(
    events.flatMap((event) => (event.type === 'CustomEmitted' ? [event.payload] : [])),
    Array.from({ length: 11 }, (_, i) => i),
  );
});

test('keeps the order when a subscriber asks from inside next', async (lab) => {
  const trial = lab.start(['a', 'b: a']);
  trial.run.event$.subscribe((event) => {
    if (event.type === 'NodeStarted') void trial.run.dispatch(emitEvent('asked', event.nodeId));
  });
  const later: ExecutionEvent[] = [];
  trial.run.event$.subscribe((event) => later.push(event));
  await trial.end();
  assert.equal(later, trial.events);
  assert.is(trial.log.ofType('CustomEmitted').length, 2);
});

test('applies commands in the order in which they were given', async (lab) => {
  const { log } = await lab.finish(['a'], {
    hooks: [() => of(...Array.from({ length: 5 }, (_, i) => emitEvent('n', i)))],
  });
  assert.equal(
    log.ofType('CustomEmitted').map(({ payload }) => payload),
    [0, 1, 2, 3, 4],
  );
});

test('publishes a transition as one, before anything that follows from it', async (lab) => {
  const trial = lab.start(['x']);
  const heard: string[] = [];
  let answered = false;
  trial.run.event$.subscribe((event) => {
    heard.push(`${event.seq} of ${trial.run.snapshot.seq}`);
    if (event.type === 'NodeAdded' && !answered) {
      answered = true;
      void trial.run.dispatch(emitEvent('between', null));
    }
  });
  await trial.grant({ type: 'AddNodes', specs: ['a', 'b', 'c'].map((id) => ({ id, action: 'work' })) });
  await trial.end();
  const added = trial.log.ofType('NodeAdded').map(({ seq }) => seq);
  assert.is(added[2]! - added[0]!, 2);
  assert.is(trial.log.ofType('CustomEmitted')[0]!.seq > added[2]!, true);
  for (const seq of added) assert.ok(heard.includes(`${seq} of ${added[2]}`), heard.join(', '));
});

test('gives one snapshot per transition, after its events', async (lab) => {
  const trial = lab.start(['a', 'b: a']);
  const order: string[] = [];
  trial.run.event$.subscribe(({ seq }) => order.push(`event ${seq}`));
  trial.run.snapshot$.subscribe(({ seq }) => order.push(`snapshot ${seq}`));
  await trial.grant({
    type: 'AddNodes',
    specs: [
      { id: 'x', action: 'work' },
      { id: 'y', action: 'work' },
    ],
  });
  await trial.end();
  const [y] = trial.log.ofType('NodeAdded').slice(1);
  const at = order.indexOf(`event ${y!.seq}`);
  assert.equal(order.slice(at - 1, at + 2), [`event ${y!.seq - 1}`, `event ${y!.seq}`, `snapshot ${y!.seq}`]);
  const seqs = trial.log.snapshots.map(({ seq }) => seq);
  assert.equal(
    seqs,
    [...new Set(seqs)].toSorted((a, b) => a - b),
  );
  assert.is(seqs.at(-1), trial.events.length);
});

test('orders a transition by cause, then topology, then definition, so that every prefix folds', async (lab) => {
  const { log, events } = await lab.finish(['a', 'e: d', 'd: b c', 'c: a', 'b: a', 'f'], {
    does: { a: () => Promise.reject(new Error('no')), f: 10 },
  });
  assert.equal(
    log.ofType('NodeSkipped').map(({ nodeId }) => nodeId),
    ['c', 'b', 'd', 'e'],
  );
  let snapshot = initialSnapshot();
  for (const event of events) {
    snapshot = reduce(snapshot, event);
    assert.is(snapshot.seq, event.seq);
    for (const { id, deps, status } of snapshot.nodes())
      if (status === 'skipped')
        assert.ok(
          deps.every((dep) => /failed|skipped/.test(snapshot.node(dep)!.status)),
          id,
        );
  }
});

test('never lets the time of an event decrease', async (lab) => {
  const clock = { now: () => lab.time.now() - (lab.time.now() % 3) * 10, schedule: lab.time.schedule.bind(lab.time) };
  const { events } = await lab.finish(['a', 'b: a', 'c: b', 'd: c'], {
    does: { '*': 1 },
    executor: { scheduler: clock },
  });
  assert.equal(
    events.map(({ at }) => at),
    events.map(({ at }) => at).toSorted((a, b) => a - b),
  );
});

test('holds for random graphs with hooks that answer at random', async (lab) => {
  const seed = firstSeed();
  const chance = random(seed);
  const nodes = Array.from({ length: 30 }, (_, i) => {
    const deps = Array.from({ length: i }, (_, j) => `n${j}`).filter(() => chance.chance(0.1));
    return `n${i}: ${deps.join(' ')}`;
  });
  const [first, last] = [[], []] as [ExecutionEvent[], ExecutionEvent[]];
  const meddler: HookOperator = (event$) =>
    new Observable((subscriber) =>
      event$.subscribe((event) => {
        if (event.type === 'NodeSucceeded') subscriber.next(setPriority(`n${chance.int(0, 29)}`, chance.int(-3, 3)));
      }),
    );
  const does = Object.fromEntries(nodes.map((_, i) => [`n${i}`, chance.int(0, 9)]));
  const { events } = await lab.finish(nodes, { does, hooks: [watcher(first), meddler, meddler, watcher(last)] });
  assert.equal(first, events, `seed ${seed}`);
  assert.equal(last, events, `seed ${seed}`);
});

test.run();
