import { filter, switchMap, throttleTime } from 'rxjs';
import {
  cancelRun,
  pauseRun,
  provideInput,
  resumeRun,
  setConcurrency,
  type ExecutorSnapshot,
} from '../../../lib/index.js';
import { find } from '../page/find.js';
import type { Workbench } from './Workbench.js';

const SHOWN_MS = 60;

/** The buttons that run, pause, cancel and reset; the slider, which works in mid-run; the question that a node asks. */
export const offerRunning = (bench: Workbench): void => {
  const start = find('start', HTMLButtonElement);
  const pause = find('pause', HTMLButtonElement);
  const cancel = find('cancel', HTMLButtonElement);
  const slots = find('slots', HTMLInputElement);
  const answer = find('answer', HTMLFormElement);
  const value = find('answer-value', HTMLInputElement);
  const told = find('run-told', HTMLElement);
  let asking: string | undefined;

  start.addEventListener('click', () => void bench.start());
  pause.addEventListener('click', () => {
    const isPaused = bench.run.snapshot.status === 'paused';
    void bench.ask(isPaused ? resumeRun() : pauseRun('by the visitor'));
  });
  cancel.addEventListener('click', () => void bench.ask(cancelRun('by the visitor')));
  find('reset', HTMLButtonElement).addEventListener('click', () => bench.reset());
  slots.addEventListener('input', () => {
    bench.maxParallelNodes = slots.valueAsNumber;
    find('slots-value', HTMLOutputElement).value = slots.value;
    void bench.ask(setConcurrency(slots.valueAsNumber));
  });
  answer.addEventListener('submit', (event) => {
    event.preventDefault();
    if (asking !== undefined) void bench.ask(provideInput(asking, value.value));
  });

  bench.phase$.subscribe((phase) => {
    if (phase !== 'over') told.textContent = phase === 'building' ? 'Nothing has begun yet: press Run.' : '';
    start.textContent = phase === 'over' ? 'Run again' : 'Run';
    start.disabled = phase === 'running';
    pause.disabled = cancel.disabled = phase !== 'running';
  });
  const show = (snapshot: ExecutorSnapshot): void => {
    pause.textContent = snapshot.status === 'paused' && bench.phase$.value === 'running' ? 'Resume' : 'Pause';
    asking = undefined;
    if (snapshot.counts.waiting > 0)
      for (const node of snapshot.nodes())
        if (node.status === 'waiting' && node.action === 'human.input') asking ??= node.id;
    answer.hidden = asking === undefined;
    if (asking === undefined) return;
    const question = snapshot.node(asking)?.spec.inputs?.['question'];
    find('question', HTMLElement).textContent = `${asking}: ${typeof question === 'string' ? question : 'what now?'}`;
  };
  bench.run$
    .pipe(
      switchMap((run) => run.snapshot$),
      filter(({ seq }) => seq > 0),
      throttleTime(SHOWN_MS, undefined, { leading: true, trailing: true }),
    )
    .subscribe(show);
};
