import { Subject, filter, firstValueFrom } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  action,
  initialSnapshot,
  reduce,
  type ExecutionEvent,
} from '../../../lib/index.js';
import { VirtualTime } from '../../../lib/testing/index.js';
import { fromEvents } from '../../../lib/viewer/source/fromEvents.js';
import { fromRun } from '../../../lib/viewer/source/fromRun.js';
import type { RunSource, SourceMessage } from '../../../lib/viewer/source/RunSource.js';
import { CANCELLED, FAILED, GONE, PAUSED, READY, SUCCEEDED, looks } from '../../../lib/viewer/theme/looks.js';
import { lookOf, looksInto } from '../../../lib/viewer/view/lookOf.js';
import { RunView } from '../../../lib/viewer/view/RunView.js';
import { strangeLog, strangeText } from '../../support/strangeLog.js';
import type { Snapshot } from '../../../lib/state/Snapshot.js';

const registry = new ActionRegistry()
  .register(action('noop', () => 1))
  .register(
    action('flaky', ({ attempt }) => {
      if (attempt < 2) throw new Error('not yet');
      return attempt;
    }),
  )
  .register(
    action('fails', () => {
      throw new Error('never');
    }),
  )
  .register(action('list', () => [1, 2, 3]));

/** A log with retries, failures, skips, a fan-out, an added node, a paused branch and a removed node. */
const story = (): readonly ExecutionEvent[] => {
  const time = new VirtualTime();
  const executor = new DagExecutor({ registry, scheduler: time, config: { maxParallelNodes: 2 } });
  const run = executor.start({
    name: 'story',
    nodes: [
      { id: 'a', action: 'list' },
      { id: 'b', action: 'flaky', deps: ['a'], tryCount: 3 },
      { id: 'each', action: 'noop', forEach: { $ref: 'a' } },
      { id: 'f', action: 'fails', deps: ['a'] },
      { id: 'after', action: 'noop', deps: ['f'] },
      { id: 'gone', action: 'noop', deps: ['b'] },
      { id: 'held', action: 'noop', deps: ['a'], branch: 'side' },
    ],
  });
  const events: ExecutionEvent[] = [];
  run.event$.subscribe((event) => {
    events.push(event);
    if (event.type === 'NodeSucceeded' && event.nodeId === 'a') {
      void run.dispatch({ type: 'PauseBranch', branchId: 'side' });
      void run.dispatch({ type: 'RemoveNode', nodeId: 'gone' });
      void run.dispatch({ type: 'AddNode', spec: { id: 'late', action: 'noop', deps: ['each'] } });
    }
    if (event.type === 'NodeSucceeded' && event.nodeId === 'late')
      void run.dispatch({ type: 'ResumeBranch', branchId: 'side' });
  });
  time.flush();
  return events;
};

const settled = async (view: RunView): Promise<void> => {
  await firstValueFrom(view.changes$.pipe(filter(() => view.isOver)));
};

const lookNames = (view: RunView): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: view.size }, (_, index) => [
      view.idOf(index),
      view.looks[index] === GONE ? 'gone' : looks[view.looks[index]!]!.name,
    ]),
  );

const test = suite('RunView');

test('shows the end of a log, and every state before it as the fold does', async () => {
  const events = story();
  const view = new RunView(fromEvents(events));
  await settled(view);
  assert.is(view.head, events.length);
  assert.is(view.runId.length > 0, true);
  assert.equal(view.snapshot.toJSON(), events.reduce(reduce, initialSnapshot()).toJSON());
  let snapshot = initialSnapshot();
  const jumps = [...events.keys()].map((i) => i + 1);
  const states = new Map<number, unknown>();
  for (const event of events) states.set(event.seq, (snapshot = reduce(snapshot, event)).toJSON());
  for (const seq of [...jumps, ...jumps.toReversed()]) {
    view.seek(seq);
    assert.is(view.seq, seq);
    assert.is(view.isLive, false);
    assert.equal(view.snapshot.toJSON(), states.get(seq), `at ${seq}`);
    const { state } = (view.snapshot as Snapshot).inner.frame;
    for (let index = 0; index < state.nodes.size; index++) assert.is(view.looks[index], lookOf(state, index));
    assert.is(
      view.counts.reduce((sum, n) => sum + n),
      [...view.snapshot.nodes()].length,
    );
  }
  view.live();
  assert.is(view.seq, events.length);
  view.close();
});

test('what is shown while events come one by one is what all of them give', async () => {
  const events = story();
  const whole = new RunView(fromEvents(events));
  await settled(whole);
  for (let cut = 1; cut <= events.length; cut++) {
    whole.seek(cut);
    const part = new RunView(fromEvents(events.slice(0, cut)));
    await firstValueFrom(part.changes$.pipe(filter(({ log }) => log)));
    const expected = lookNames(whole);
    for (const [id, look] of Object.entries(lookNames(part))) assert.is(look, expected[id], `${id} at ${cut}`);
    part.close();
  }
  whole.close();
});

test('knows the looks that no status has: paused, cached, timed out', async () => {
  const events = story();
  const view = new RunView(fromEvents(events));
  await settled(view);
  const paused = events.find(({ type }) => type === 'BranchPaused')!.seq;
  view.seek(paused);
  const held = view.indexOf('held')!;
  assert.is(view.looks[held], PAUSED);
  assert.is(view.looks[view.indexOf('late')!], GONE);
  view.live();
  assert.is(view.looks[held], SUCCEEDED);
  assert.is(view.looks[view.indexOf('f')!], FAILED);
  assert.is(view.counts[CANCELLED], 0);
  view.close();
});

test('keeps attempts with the time they waited for a slot', async () => {
  const view = new RunView(fromEvents(story()));
  await settled(view);
  const { attempts } = view;
  const of = (id: string): number[] =>
    Array.from({ length: attempts.size }, (_, i) => i).filter((i) => view.idOf(attempts.node[i]!) === id);
  assert.is(of('b').length, 2);
  const [first, second] = of('b') as [number, number];
  assert.is(looks[attempts.end[first]!]!.name, 'retrying');
  assert.is(attempts.readyAt[second], attempts.startAt[second], 'a retry that is due does not wait for what is before');
  assert.ok(attempts.startAt[second]! > attempts.endAt[first]!);
  for (let i = 0; i < attempts.size; i++) {
    assert.ok(attempts.readyAt[i]! <= attempts.startAt[i]! && attempts.startAt[i]! <= attempts.endAt[i]!);
    assert.ok(attempts.endSeq[i]! > attempts.startSeq[i]!);
  }
  view.close();
});

test('folds parts of a fan-out, and edges follow their boxes', async () => {
  const view = new RunView(fromEvents(story()));
  await settled(view);
  const group = view.groups.findIndex(({ kind }) => kind === 'expansion');
  assert.is(view.groups[group]!.label, 'each');
  assert.equal(
    Array.from(view.groups[group]!.members, (index) => view.idOf(index)),
    ['each', 'each[0]', 'each[1]', 'each[2]'],
  );
  assert.is(view.groups[group]!.isOpen, true);
  const names = (): string[] => {
    const { from, to, node, group: folded } = view.drawing;
    const name = (item: number): string =>
      folded[item]! >= 0 ? `[${view.groups[folded[item]!]!.label}]` : view.idOf(node[item]!);
    return Array.from(from, (item, i) => `${name(item)} ${name(to[i]!)}`).toSorted();
  };
  assert.ok(names().includes('each each[0]') || names().includes('a each[0]'));
  const open = view.drawing;
  view.toggleGroup(group);
  const folded = view.drawing;
  assert.is(folded.count, open.count - 3);
  assert.ok(names().includes('a [each]') && names().includes('[each] late'));
  assert.is(folded.itemOf[view.indexOf('each[1]')!], folded.itemOf[view.indexOf('each')!]);
  assert.is(open.itemOf[view.indexOf('gone')!], -1, 'a removed node is not drawn');
  assert.is(view.groups[group]!.counts[SUCCEEDED], 3);
  view.seek(1);
  assert.is(view.groups[group]!.counts[SUCCEEDED], 0);
  view.close();
});

test('filters by state, action, text, expression, duration and neighbourhood; what is not understood changes nothing', async () => {
  const view = new RunView(fromEvents(story()));
  await settled(view);
  const found = (text: string): string[] => {
    const { error } = view.setFilter(text);
    assert.is(error, undefined);
    return Array.from({ length: view.size }, (_, i) => i)
      .filter((i) => view.matches![i] === 1)
      .map((i) => view.idOf(i));
  };
  assert.equal(found('state:failed'), ['f']);
  assert.equal(found('action:noop -each'), ['after', 'held', 'late']);
  assert.equal(found('/^(a|b)$/'), ['a', 'b']);
  assert.equal(found('branch:side'), ['held']);
  assert.equal(found('dur>1s'), []);
  view.select(view.indexOf('f'));
  assert.equal(found('near:1'), ['a', 'f', 'after']);
  assert.match(view.setFilter('state:nonsense').error!, 'There is no state "nonsense"');
  assert.match(view.setFilter('nosuchkey:1').error!, /^There is no filter nosuchkey:;.*"nosuchkey:1" in quotes/);
  assert.match(view.setFilter('dur>abc').error!, /^dur>abc is no duration/);
  assert.is(view.filterText, 'near:1');
  assert.equal(found('"dur>abc"'), []);
  assert.equal(found('id:each[ -"each[1"'), ['each[0]', 'each[2]']);
  view.select(undefined);
  view.setFilter('each[');
  view.nextMatch(1);
  assert.is(view.idOf(view.selected!), 'each[0]');
  view.nextMatch(-1);
  assert.is(view.idOf(view.selected!), 'each[2]');
  view.setFilter('');
  assert.is(view.matches, undefined);
  view.close();
});

test('hides what has ended well, and highlights ways', async () => {
  const view = new RunView(fromEvents(story()));
  await settled(view);
  view.setHidesDone(true);
  assert.equal(
    Array.from(view.drawing.node, (index) => view.idOf(index)),
    ['f'],
  );
  view.setHidesDone(false);
  view.select(view.indexOf('each')!);
  assert.is(view.highlightKind, undefined);
  view.highlightUpstream();
  assert.is(view.highlightKind, 'upstream');
  assert.is(view.highlight![view.indexOf('a')!], 1);
  assert.is(view.highlight![view.indexOf('late')!], 0);
  const { path, lengthMs } = view.critical;
  assert.equal(path.map((index) => view.idOf(index)).slice(0, 2), ['a', 'b']);
  assert.ok(lengthMs >= 0);
  view.highlightDownstream();
  assert.is(view.highlightKind, 'downstream');
  view.highlightCritical();
  assert.is(view.highlightKind, 'critical');
  view.clearHighlight();
  assert.equal([view.highlightKind, view.highlight], [undefined, undefined]);
  view.select(undefined);
  view.highlightUpstream();
  assert.is(view.highlightKind, undefined);
  view.close();
});

test('a run that goes on in the page is followed, also into states that come before their events', async () => {
  const executor = new DagExecutor({ registry });
  const run = executor.start({
    name: 'live',
    nodes: [
      { id: 'x', action: 'noop' },
      { id: 'y', action: 'noop', deps: ['x'] },
    ],
  });
  const view = new RunView(fromRun(run));
  await settled(view);
  assert.equal(lookNames(view), { x: 'succeeded', y: 'succeeded' });
  assert.is((await view.ask({ type: 'PauseRun' })) !== undefined, true);
  assert.match(JSON.stringify(await view.ask({ type: 'PauseRun' })), /refused/);
  view.close();
});

test('a log that can’t be folded is told of, and what came before stays', async () => {
  const events = story();
  const broken = [...events.slice(0, 5), { ...events[5]!, nodeId: 'nobody', type: 'NodeStarted', attempt: 1 }];
  const view = new RunView(fromEvents(broken as ExecutionEvent[]));
  await firstValueFrom(view.changes$.pipe(filter(() => view.connection.text !== undefined)));
  assert.match(view.connection.text!, /can’t be read further than event 5/);
  assert.is(view.head, 5);
  view.close();
});

test('events of types that are not known are in the log, change nothing, and are told of once', async () => {
  const view = new RunView(fromEvents(strangeLog()));
  await firstValueFrom(view.changes$);
  assert.is(view.connection.text, `This log has ${strangeText}.`);
  assert.equal([view.head, view.connection.missing, view.status], [10, 0, 'succeeded']);
  assert.equal(lookNames(view), { a: 'succeeded', b: 'succeeded' });
  for (let seq = 1; seq <= 10; seq++) assert.equal(view.log.at(seq), strangeLog()[seq - 1]);
  assert.equal(
    [3, 4, 5].map((seq) => view.log.nodeAt(seq)),
    [0, -1, -1],
  );
  view.seek(5);
  assert.equal(lookNames(view), { a: 'running', b: 'pending' });
  view.close();

  const { view: other, say } = told();
  await say({ type: 'events', events: strangeLog() });
  await say({ type: 'connection', state: 'retrying', text: 'The server can not be reached.' });
  assert.is(other.connection.text, 'The server can not be reached.');
  await say({ type: 'connection', state: 'live' });
  assert.match(other.connection.text!, strangeText);
  other.close();
});

/** A view that is told by hand. */
const told = (
  more: Partial<RunSource> = {},
): { readonly view: RunView; readonly say: (message: SourceMessage) => Promise<void> } => {
  const message$ = new Subject<SourceMessage>();
  const view = new RunView({ message$, role: 'reader', isFile: false, ...more });
  return {
    view,
    say: async (message) => {
      const heard = firstValueFrom(view.changes$);
      message$.next(message);
      await heard;
    },
  };
};

test('what goes on has lasted up to what time it is in the run, by the page or by a clock of its own', async () => {
  let now = 90;
  const events = story().slice(0, 4);
  for (const { view, say } of [told({ now: () => now }), told()]) {
    const { hasOwnTime } = view;
    await say({ type: 'events', events });
    assert.is(view.endAt, events[3]!.at, 'nothing goes on before one is connected');
    await say({ type: 'connection', state: 'live' });
    now = events[3]!.at + 60_000;
    if (hasOwnTime) assert.is(view.endAt, now);
    else assert.ok(Math.abs(view.endAt - Date.now()) < 1_000);
    await say({ type: 'connection', state: 'ended' });
    assert.is(view.endAt, events[3]!.at);
    view.close();
  }
});

test('a state that comes before its events is what is live, also after a look back, until they have come', async () => {
  const events = story();
  const { view, say } = told();
  await say({ type: 'events', events: events.slice(0, 4) });
  const looks = new Uint8Array(view.size).fill(SUCCEEDED);
  await say({ type: 'state', seq: events.length, at: 5_000, status: 'succeeded', looks });
  assert.equal([view.seq, view.head, view.status, view.isOver], [events.length, events.length, 'succeeded', true]);
  assert.is(view.counts[SUCCEEDED], view.size);
  assert.is(view.connection.missing, events.length - 4);
  view.seek(2);
  assert.is(view.counts[SUCCEEDED], 0);
  view.live();
  assert.is(view.counts[SUCCEEDED], view.size);
  await say({ type: 'connection', state: 'ended' });
  assert.match(view.connection.text!, /events are missing after event 4/);
  await say({ type: 'fill', events: events.slice(4) });
  assert.is(view.connection.missing, 0);
  assert.is(view.looks[view.indexOf('f')!], FAILED);
  assert.equal(view.snapshot.toJSON(), events.reduce(reduce, initialSnapshot()).toJSON());
  view.close();
});

test('a log with a gap says what is missing', async () => {
  const events = story();
  const view = new RunView(fromEvents([...events.slice(0, 5), ...events.slice(8)]));
  await firstValueFrom(view.changes$);
  assert.is(view.head, 5);
  assert.is(view.connection.missing, 3);
  assert.match(view.connection.text!, 'Of the log 3 events are missing after event 5.');
  view.close();
});

test('what was done and comes back to life is drawn again, though what is done is hidden', async () => {
  const time = new VirtualTime();
  const executor = new DagExecutor({ registry, scheduler: time });
  const nodes = [
    { id: 'f', action: 'fails' },
    { id: 'after', action: 'noop', deps: ['f'] },
    { id: 'ask', action: 'human.input' },
  ];
  const run = executor.start({ name: 'revived', nodes });
  const events: ExecutionEvent[] = [];
  run.event$.subscribe((event) => events.push(event));
  time.flush();
  void run.dispatch({ type: 'RetryNode', nodeId: 'f' });
  const { view, say } = told();
  const retried = events.findIndex(({ type }) => type === 'NodeRetried');
  await say({ type: 'events', events: events.slice(0, retried) });
  view.setHidesDone(true);
  const drawn = (): string[] => Array.from(view.drawing.node, (index) => view.idOf(index));
  assert.equal(drawn(), ['f', 'ask']);
  await say({ type: 'events', events: events.slice(retried, retried + 1) });
  assert.equal(drawn(), ['f', 'after', 'ask']);
  view.close();
});

test('while the past is shown, nodes that come later neither match nor are missing in the drawing', async () => {
  const time = new VirtualTime();
  const executor = new DagExecutor({ registry, scheduler: time, config: { maxParallelNodes: 100 } });
  const nodes = [...Array(64).keys()].map((i) => ({ id: `n${i}`, action: 'human.input' }));
  const run = executor.start({ name: 'many', nodes });
  const events: ExecutionEvent[] = [];
  run.event$.subscribe((event) => events.push(event));
  time.flush();
  const { view, say } = told();
  await say({ type: 'events', events: [...events] });
  const before = events.length;
  view.setFilter('-zzz');
  view.seek(2);
  assert.is(view.matchCount, 64);
  void run.dispatch({ type: 'AddNodes', specs: [1, 2, 3].map((i) => ({ id: `late${i}`, action: 'noop' })) });
  time.flush();
  await say({ type: 'events', events: events.slice(before) });
  assert.is(view.matchCount, 64);
  view.setFilter('late');
  assert.is(view.matchCount, 0);
  view.setGrouping('none');
  assert.is(view.drawing.count, 67);
  view.close();
});

test('what names no node selects nothing', () => {
  const view = new RunView(fromEvents(story()));
  for (const wrong of [-1, view.size, 1.5, NaN, 1e9, 'x', null]) {
    view.select(0);
    view.select(wrong as number);
    assert.is(view.selected, undefined, String(wrong));
  }
  view.close();
});

test('what is no log is told in words', () => {
  for (const wrong of [undefined, null, {}])
    assert.throws(() => fromEvents(wrong as never), /^fromEvents takes the events of a log, as a list\.$/);
  const [first, ...others] = story();
  const view = new RunView(fromEvents([first!, { ...first!, seq: 2 }, ...others.slice(1)]));
  assert.match(view.connection.text!, /can’t be read further than event 1: a run begins only once\./);
  view.seek(1);
  assert.is(view.seq, 1);
  view.close();
});

test('looks of a whole state are those of its nodes', () => {
  const snapshot = story().slice(0, 20).reduce(reduce, initialSnapshot()) as Snapshot;
  const { state } = snapshot.inner.frame;
  const all = new Uint8Array(state.nodes.size + 3);
  looksInto(state, all);
  for (let index = 0; index < state.nodes.size; index++) assert.is(all[index], lookOf(state, index));
  assert.is(all[state.nodes.size], GONE);
  assert.ok(all.includes(READY) || all.includes(SUCCEEDED));
});

test.run();
