import { failureOf } from '../../../lib/model/Failure.js';
import { RunView, define, fromRun } from '../../../lib/viewer/index.js';
import { find } from '../page/find.js';
import { newLayoutWorker } from '../page/newLayoutWorker.js';
import { offerThemes } from '../page/theme.js';
import { Archive, type Kept } from './Archive.js';
import { showComparison } from './comparison.js';
import { Pair } from './Pair.js';

offerThemes();
define();
const archive = new Archive();
const seq = find('seq', HTMLInputElement);
const threshold = find('threshold', HTMLInputElement);
const told = find('told', HTMLElement);
const single = find('single', HTMLElement);
const both = find('pair', HTMLElement);
const together = find('together', HTMLInputElement);
let pair: Pair | undefined;

const first = await archive.first();
const view = new RunView(
  fromRun(first.run, {
    fork: async (_, at, again) => (await forkAt(at, again)).run,
    diff: (a, b) => archive.diff(a, b),
  }),
);
const viewer = document.createElement('dag-viewer');
viewer.newWorker = newLayoutWorker;
viewer.view = view;
single.append(viewer);
viewer.addEventListener('open-run', () => showBoth(pair !== undefined));

/** The moment that is shown is the one that is offered for a fork. */
view.changes$.subscribe(() => {
  seq.max = String(view.head);
  if (document.activeElement !== seq) seq.value = String(Math.max(1, view.seq));
});

const showBoth = (on: boolean): void => {
  single.hidden = on;
  both.hidden = !on;
  find('one', HTMLButtonElement).setAttribute('aria-pressed', String(!on));
  find('both', HTMLButtonElement).setAttribute('aria-pressed', String(on));
};

/** What was asked for last is what is shown. */
let asked = 0;
const compare = async (other: Kept, nth: number): Promise<void> => {
  const diff = await archive.diff(first.run.runId, other.run.runId);
  if (nth !== asked) return;
  pair?.close();
  const shown = (pair = new Pair(both, first, other));
  shown.together = together.checked;
  showComparison(diff, first, other, {
    toSeq: (at) => {
      showBoth(true);
      shown.seek(at);
    },
    toNode: (nodeId) => {
      showBoth(true);
      shown.select(nodeId);
    },
  });
  showBoth(true);
};

const forkAt = async (at: number, again: readonly string[] = []): Promise<Kept> => {
  const nth = ++asked;
  const other = await archive.fork(first.run.runId, at, threshold.valueAsNumber, again);
  if (nth !== asked) return other;
  told.textContent = `${other.run.runId}: event ${at} of the first run, threshold ${threshold.value}.`;
  await compare(other, nth);
  return other;
};

find('fork', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const nth = asked + 1; // as it takes
  forkAt(seq.valueAsNumber).catch((error: unknown) => {
    if (nth === asked) told.textContent = failureOf(error).message;
  });
});
threshold.addEventListener('input', () => {
  find('threshold-value', HTMLOutputElement).value = threshold.value;
});
together.addEventListener('change', () => {
  if (pair !== undefined) pair.together = together.checked;
});
find('one', HTMLButtonElement).addEventListener('click', () => showBoth(false));
find('both', HTMLButtonElement).addEventListener('click', () => showBoth(true));
