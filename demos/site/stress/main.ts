import { define, fromRun } from '../../../lib/viewer/index.js';
import { find } from '../page/find.js';
import { Frames } from '../page/Frames.js';
import { RunStage } from '../page/RunStage.js';
import { offerThemes } from '../page/theme.js';
import { Chart } from './Chart.js';
import { shapes } from './graphs.js';
import { Rate } from './Rate.js';
import { StressRun } from './StressRun.js';

offerThemes();
define();
const stage = new RunStage(find('stage', HTMLElement), 'dag-graph');

const start = find('start', HTMLButtonElement);
const pause = find('pause', HTMLButtonElement);
const stop = find('stop', HTMLButtonElement);
const slots = find('slots', HTMLInputElement);
const chart = new Chart(find('chart', HTMLCanvasElement));
const frames = new Rate();
let stress: StressRun | undefined;

/** The slider is logarithmic: 1, 2, 4 … 4,096 at once. */
const slotsOf = (): number => 2 ** slots.valueAsNumber;
const chosen = (name: string): string =>
  document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? '';
const number = (n: number): string => Math.round(n).toLocaleString('en');
const text = (id: string, value: string): void => {
  const place = find(id, HTMLElement);
  if (place.textContent !== value) place.textContent = value;
};

const begin = (): void => {
  if (stress?.isOver === false) stress.stop();
  const shape = shapes.find((known) => known === chosen('shape')) ?? 'layered';
  stress = new StressRun(shape, Number(chosen('size')), slotsOf());
  stage.show(fromRun(stress.run, { now: stress.clock.time.now }));
};

const showSlots = (): void => {
  find('slots-value', HTMLOutputElement).value = number(slotsOf());
};

let shownAt = 0;
const show = (): void => {
  frames.count();
  const now = performance.now();
  if (now - shownAt < 250) return;
  shownAt = now;
  const isOn = stress?.isOver === false;
  pause.disabled = stop.disabled = !isOn;
  pause.textContent = stress?.clock.isRunning === false ? 'Go on' : 'Pause';
  text('fps', number(frames.perSecond));
  if (stress === undefined) return;
  const { counts, seq } = stress.run.snapshot;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  text('nodes', number(stress.nodes.perSecond));
  text('snapshots', number(stress.snapshots.perSecond));
  text('done', `${number(counts.succeeded)} of ${number(all)}`);
  text('running', number(counts.running));
  text('events', number(seq));
  text('took', `${(stress.tookMs / 1_000).toFixed(1)} s`);
  if (isOn) chart.add(frames.perSecond, stress.nodes.perSecond);
};

start.addEventListener('click', begin);
pause.addEventListener('click', () => {
  if (stress?.clock.isRunning === true) stress.clock.pause();
  else stress?.clock.run();
});
stop.addEventListener('click', () => stress?.stop());
slots.addEventListener('input', () => {
  if (stress !== undefined) stress.slots = slotsOf();
  showSlots();
});
showSlots();
new Frames(show).start();
