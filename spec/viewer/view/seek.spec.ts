import { filter, firstValueFrom } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromEvents } from '../../../lib/viewer/source/fromEvents.js';
import { RunView } from '../../../lib/viewer/view/RunView.js';
import { dice } from '../graph/FakeView.js';
import { longLog } from '../log/longLog.js';

const test = suite('RunView.seek');

const events = longLog({ nodes: 2_400, progress: 1 });
const opened = async (): Promise<RunView> => {
  const view = new RunView(fromEvents(events));
  await firstValueFrom(view.changes$.pipe(filter(() => view.log.size === events.length)));
  return view;
};
/** All that is seen of a moment. */
const seen = (view: RunView): object => ({
  seq: view.seq,
  looks: view.looks.slice(0, view.size),
  counts: [...view.counts],
  groups: view.groups.map(({ label, counts }) => [label, ...counts]),
  items: view.drawing.itemOf,
  edges: [view.drawing.from, view.drawing.to],
  matches: view.matches,
  matchCount: view.matchCount,
});

test('shows the same of a moment, wherever one comes from', async () => {
  const view = await opened();
  const roll = dice(11);
  assert.is(view.groups.length, 5);
  for (let i = 0; i < 24; i++) {
    if (i === 8) view.setFilter('state:succeeded,failed -clean');
    if (i === 16) view.setHidesDone(true);
    if (i % 5 === 4) view.live();
    if (i % 3 === 0) view.seek(Math.floor(roll() * events.length));
    else view.step(Math.floor(roll() * 9) - 4);
    const other = await opened();
    if (i >= 8) other.setFilter('state:succeeded,failed -clean');
    if (i >= 16) other.setHidesDone(true);
    if (!view.isLive) other.seek(view.seq);
    assert.equal(seen(view), seen(other), `at ${view.seq}`);
    other.close();
  }
  view.close();
});

test('a snapshot of the past stays what it was while others are looked at', async () => {
  const view = await opened();
  const kept: (readonly [number, RunView['snapshot'], string])[] = [];
  for (const seq of [4_000, 900, 3_999, 5_000, 2, 4_001]) {
    view.seek(seq);
    kept.push([seq, view.snapshot, JSON.stringify(view.snapshot)]);
  }
  for (const [seq, snapshot, text] of kept) assert.is(JSON.stringify(snapshot), text, `at ${seq}`);
  view.close();
});

test.run();
