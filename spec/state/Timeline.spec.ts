// timeout: 120000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { initialSnapshot, reduce, type EventOf, type ExecutionEvent, type ExecutorSnapshot } from '../../lib/index.js';
import { planOf } from '../../lib/plan/planOf.js';
import { EventFrame, blockOf, encodeEvents, type EventBlock } from '../../lib/state/past/EventBlock.js';
import { NodesFrame, PackedPlan, encodeNodes } from '../../lib/state/past/PackedPlan.js';
import { pastPlanOf, type PastPlan } from '../../lib/state/past/PastPlan.js';
import { Timeline } from '../../lib/state/past/Timeline.js';
import type { Snapshot } from '../../lib/state/Snapshot.js';
import { random } from '../../lib/testing/index.js';
import { lookOf, looksInto } from '../../lib/viewer/view/lookOf.js';
import { planFor } from '../simulation/randomPlan.js';
import { firstSeed } from '../simulation/seeds.js';
import { play } from '../simulation/simulate.js';
import { logOf, node, quiescent, runStarted, settled, started, succeeded } from '../support/logOf.js';

const RUNS = 150;

/** Each id's place, as a live run knows it at its end. */
const indexIn = (events: readonly ExecutionEvent[]): { indexOf(id: string): number | undefined } => {
  const places = new Map<string, number>();
  let size = 0;
  for (const event of events)
    if (event.type === 'RunStarted') for (const { id } of event.definition.nodes) places.set(id!, size++);
    else if (event.type === 'NodeAdded') places.set(event.node.id!, size++);
  return { indexOf: (id) => places.get(id) };
};

/** A log as a store gives it: in frames, with a plan in frames too, and its last part event by event. */
const packed = (log: readonly ExecutionEvent[], lengths: readonly number[]): Timeline => {
  const events = JSON.parse(JSON.stringify(log)) as readonly ExecutionEvent[];
  const first = events[0] as EventOf<'RunStarted'>;
  const plan = planOf(first.definition, first.config);
  const blocks: EventBlock[] = [];
  let at = 0;
  for (const length of lengths) {
    if (at + length >= events.length) break;
    const part = events.slice(at, at + length);
    const frame = new EventFrame(encodeEvents(part, indexIn(events.slice(0, at + length))));
    for (const seq of Array.from(frame.missing())) frame.fetched(events[seq - 1]!);
    blocks.push(frame);
    at += length;
  }
  blocks.push(blockOf(events.slice(at)));
  return new Timeline(planFrom(plan, blocks[0]!), blocks);
};

const planFrom = (plan: ReturnType<typeof planOf>, block: EventBlock): PastPlan => {
  const { definition, config } = block.event(0) as EventOf<'RunStarted'>;
  const parts: NodesFrame[] = [];
  for (let from = 0; from < plan.nodes.length; from += 256)
    parts.push(new NodesFrame(encodeNodes(plan, from, Math.min(from + 256, plan.nodes.length))));
  return PackedPlan.from(parts, definition, config) ?? pastPlanOf(plan);
};

const test = suite('Timeline');

test(`shows after any event what the fold of ${RUNS} random logs shows, in whatever order it is asked`, async () => {
  const seed = firstSeed();
  console.log(`seed ${seed}`);
  for (let run = 0; run < RUNS; run++) {
    const { events } = await play(planFor(seed + run), false);
    const r = random(seed + run);
    const timeline = packed(
      events,
      Array.from({ length: 20 }, () => r.int(1, 60)),
    );
    const states = [initialSnapshot()];
    for (const event of events) states.push(reduce(states[states.length - 1]!, event));
    const shownBefore: ExecutorSnapshot[] = [];
    for (let i = 0; i < 40; i++) {
      const seq = i === 0 ? events.length : r.int(1, events.length);
      const [shown, folded] = [timeline.at(seq), states[seq]!];
      const where = `SEED=${seed + run}, event ${seq} of ${events.length}`;
      assert.is(JSON.stringify(shown), JSON.stringify(folded), where);
      for (const { id } of folded.nodes())
        if (r.int(0, 9) === 0) assert.equal(shown.whyNotStarted(id), folded.whyNotStarted(id), `${where}, ${id}`);
      assert.is(JSON.stringify([...shown.branches()]), JSON.stringify([...folded.branches()]), where);
      const { state } = (shown as Snapshot).inner.frame;
      const looks = new Uint8Array(state.nodes.size);
      looksInto(state, looks);
      assert.equal(
        [...looks],
        Array.from(looks, (_, index) => lookOf(state, index)),
        where,
      );
      // What was shown before can be folded on at any time, whatever has become of the state it was taken from.
      shownBefore.push(shown);
      const earlier = r.pick(shownBefore);
      const next = events[earlier.seq];
      if (next === undefined || r.int(0, 3) > 0) continue;
      const on = JSON.stringify(reduce(earlier, next));
      assert.is(on, JSON.stringify(states[earlier.seq + 1]), `${where}, on from ${earlier.seq}`);
    }
  }
});

const wide = (count: number): readonly ExecutionEvent[] => {
  const ids = Array.from({ length: count }, (_, i) => `n${i}`);
  return logOf(
    runStarted(ids.map((id) => node(id))),
    ...ids.flatMap((id, i) => [started(id), succeeded(id, 1, i)]),
    quiescent,
    settled(),
  );
};

test('keeps states on the way, and comes back to any of them', () => {
  const events = wide(50_000);
  const timeline = packed(
    events,
    Array.from({ length: 12 }, () => 8_192),
  );
  const first = timeline.at(90_001);
  for (const seq of [90_001, 3, 70_000, 65_537, 100_003, 2, 90_001]) {
    const { counts, seq: shown } = timeline.at(seq);
    const done = Math.min(50_000, Math.floor((seq - 1) / 2));
    assert.is(shown, seq);
    assert.equal([counts.succeeded, counts.running], [done, seq <= 100_001 && seq % 2 === 0 ? 1 : 0], String(seq));
  }
  assert.is(first.counts.succeeded, 45_000);
  assert.is(first.node('n44999')!.output, 44_999);
  assert.is(first.node('n45000')!.output, undefined);
});

test('is made ready piece by piece, while it is looked at', () => {
  const events = wide(50_000);
  const timeline = packed(
    events,
    Array.from({ length: 12 }, () => 8_192),
  );
  const r = random(3);
  const look = (): void => {
    const seq = r.int(1, events.length);
    const { counts } = timeline.at(seq);
    assert.is(counts.succeeded, Math.min(50_000, Math.floor((seq - 1) / 2)), String(seq));
  };
  let pieces = 1;
  while (timeline.prepare(() => true)) if (++pieces % 17 === 0) look();
  assert.ok(pieces > 20, `${pieces}`);
  for (let i = 0; i < 20; i++) look();
  assert.is(
    timeline.prepare(() => false),
    false,
  );
});

test('a state that somebody folds on with is not its own any more', () => {
  const events = wide(3);
  const timeline = packed(events, [2]);
  const shown = timeline.at(3);
  const before = JSON.stringify(shown);
  reduce(reduce(shown, events[3]!), events[4]!);
  assert.is(JSON.stringify(timeline.at(3)), before);
  assert.is(JSON.stringify(shown), before);
  assert.is(timeline.at(4).counts.running, 1);
  assert.is(JSON.stringify(shown), before);
});

test('takes further events, and refuses a gap', () => {
  const events = wide(3);
  const timeline = packed(events.slice(0, 4), [3]);
  assert.is(timeline.size, 4);
  timeline.add(blockOf(events.slice(4)));
  assert.is(timeline.at(events.length).status, 'succeeded');
  assert.throws(() => timeline.add(blockOf(events.slice(2))), /event 10 is not there/);
});

test('what is no frame, or a part of one, is refused with a RangeError', () => {
  const events = wide(300);
  const bytes = encodeEvents(events, indexIn(events));
  const plan = planOf((events[0] as EventOf<'RunStarted'>).definition, (events[0] as EventOf<'RunStarted'>).config);
  for (const broken of [
    bytes.slice(0, 100),
    bytes.slice(0, bytes.length - 50),
    new Uint8Array(7),
    encodeNodes(plan, 0, 256),
  ])
    assert.throws(
      () => new EventFrame(broken),
      (error: Error) => error instanceof RangeError,
    );
  const { definition, config } = events[0] as EventOf<'RunStarted'>;
  const parts = [0, 256].map((from) => new NodesFrame(encodeNodes(plan, from, Math.min(300, from + 256))));
  assert.ok(PackedPlan.from(parts, definition, config));
  assert.is(PackedPlan.from(parts.slice(0, 1), definition, config), undefined);
  assert.is(PackedPlan.from(parts.slice(1), definition, config), undefined);
});

test.run();
