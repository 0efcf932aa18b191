import { define, fromRun } from '../../../lib/viewer/index.js';
import { element } from '../page/element.js';
import { find } from '../page/find.js';
import { Frames } from '../page/Frames.js';
import { RunStage } from '../page/RunStage.js';
import { offerThemes } from '../page/theme.js';
import { duration } from './duration.js';
import { offerFiles } from './offerFiles.js';
import { readTrace } from './readTrace.js';
import { samples } from './samples.js';
import { standInsOf } from './standInsOf.js';
import { TracePlayer } from './TracePlayer.js';

const ERRORS_MAX = 20;

offerThemes();
define();
const stage = new RunStage(find('stage', HTMLElement), 'dag-viewer');

const speed = find('speed', HTMLInputElement);
const slots = find('slots', HTMLInputElement);
const play = find('play', HTMLButtonElement);
const standIns = find('stand-ins', HTMLUListElement);
const errors = find('errors', HTMLUListElement);
const text = (id: string, value: string): void => {
  const place = find(id, HTMLElement);
  if (place.textContent !== value) place.textContent = value;
};

let player: TracePlayer | undefined;
let latest = { text: '', name: '' };

const showErrors = (found: readonly string[]): void => {
  const more = found.length - ERRORS_MAX;
  errors.hidden = found.length === 0;
  errors.replaceChildren(
    ...found.slice(0, ERRORS_MAX).map((error) => element('li', {}, error)),
    ...(more > 0 ? [element('li', {}, `and ${more} more`)] : []),
  );
};

const take = (source: string, name: string): void => {
  const read = readTrace(source, name);
  showErrors('errors' in read ? read.errors : []);
  if ('errors' in read) return;
  latest = { text: source, name };
  player?.close();
  player = new TracePlayer(read.plan, slots.valueAsNumber, speedOf());
  stage.show(fromRun(player.run, { now: player.clock.time.now }));
  text('name', `${name}, ${read.form}`);
  const notes = standInsOf(read.plan);
  standIns.replaceChildren(...notes.map((note) => element('li', {}, note)));
  standIns.hidden = notes.length === 0;
};

/** The slider is logarithmic: 0 is x1, 3 is x1000. */
const speedOf = (): number => Math.round(10 ** speed.valueAsNumber);

const showControls = (): void => {
  find('speed-value', HTMLOutputElement).value = `×${speedOf()}`;
  find('slots-value', HTMLOutputElement).value = slots.value;
};

const showNumbers = (): void => {
  if (player === undefined) return;
  const { run, plan, simulation, isOver, elapsedMs, utilisation, clock } = player;
  const { counts } = run.snapshot;
  play.textContent = clock.isRunning ? 'Pause' : 'Play';
  play.disabled = isOver;
  text('done', `${counts.succeeded} of ${plan.nodes.length}, ${counts.running} running`);
  text('makespan-label', isOver ? 'Makespan' : 'Time so far');
  text('makespan', duration(elapsedMs));
  text('expected', duration(simulation.makespanMs));
  text('bound', duration(simulation.lowerBoundMs));
  text('ratio', `${((isOver ? elapsedMs : simulation.makespanMs) / simulation.lowerBoundMs || 1).toFixed(3)} ×`);
  text('utilisation', `${Math.round(utilisation * 100)} %`);
  find('meter', HTMLMeterElement).value = utilisation;
};

speed.addEventListener('input', () => {
  if (player !== undefined) player.clock.speed = speedOf();
  showControls();
});
slots.addEventListener('input', () => {
  if (player !== undefined) player.slots = slots.valueAsNumber;
  showControls();
});
play.addEventListener('click', () => {
  if (player?.clock.isRunning === true) player.clock.pause();
  else player?.clock.run();
});
find('again', HTMLButtonElement).addEventListener('click', () => take(latest.text, latest.name));

offerFiles(take, (name, why) => showErrors([`${name}: ${why}`]));
showControls();
take(samples[0]!.text, samples[0]!.file);
new Frames(showNumbers).start();
