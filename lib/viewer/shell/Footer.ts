import { make, setText, setTrait } from '../dom/make.js';
import { countText } from '../dom/shown.js';
import { CANCELLED, FAILED, RUNNING, SUCCEEDED, TIMED_OUT } from '../theme/looks.js';
import { runStand } from '../view/runStand.js';
import type { RunView } from '../view/RunView.js';

/** How often rates and spoken sentences are made anew, at most. */
const TELL_MS = 1_000;

const stateTexts: Readonly<Record<RunView['connection']['state'], string>> = {
  live: 'connected',
  connecting: 'connecting…',
  retrying: 'connection lost, trying again',
  ended: 'connection closed',
  file: 'from a file',
};

/** The line of truth: where one is, how old that is, whether anything is missing; and the same in spoken sentences. */
export class Footer {
  readonly #seq = make('span', { class: 'seq' });
  readonly #link = make('span', { class: 'link-state' });
  readonly #owner = make('span');
  readonly #lag = make('span', { title: 'How old the newest event was when it came' });
  readonly #missing = make('span', { title: 'Events that are known to exist and have not come yet' });
  readonly #rate = make('span');
  readonly #done = make('span', { class: 'done' });
  readonly #spoken = make('p', { class: 'sr', role: 'status' });
  readonly element = make(
    'div',
    { class: 'foot', role: 'group', 'aria-label': 'Where this stands' },
    this.#link,
    this.#owner,
    this.#seq,
    this.#lag,
    this.#missing,
    this.#rate,
    this.#done,
    this.#spoken,
  );
  #counted = 0;
  #countedAt = 0;
  #saidAt = 0;

  show(view: RunView): void {
    const { connection, counts } = view;
    let total = 0;
    let done = 0;
    for (let look = 0; look < counts.length; look++) {
      total += counts[look]!;
      if (look >= SUCCEEDED) done += counts[look]!;
    }
    setTrait(this.#link, 'class', `link-state ${connection.state}`);
    const isAll = view.isOver && connection.state === 'ended' && connection.missing === 0;
    setText(this.#link, isAll ? 'the run has ended' : stateTexts[connection.state]);
    setText(this.#owner, view.isOver ? '' : ownerText(view));
    setText(this.#seq, `#${countText(view.seq)} of ${countText(view.head)}`);
    setText(this.#lag, connection.state === 'live' ? `lag ${Math.round(connection.lagMs)} ms` : '');
    setText(this.#missing, `missing ${countText(connection.missing)}`);
    this.#missing.classList.toggle('wrong', connection.missing > 0);
    setText(this.#done, `${countText(done)} of ${countText(total)} nodes done`);
    const now = performance.now();
    const sinceMs = now - this.#countedAt;
    if (sinceMs >= TELL_MS) {
      const rate = this.#countedAt === 0 ? 0 : ((view.head - this.#counted) * 1_000) / sinceMs;
      this.#counted = view.head;
      this.#countedAt = now;
      setText(this.#rate, connection.state === 'live' ? `${countText(Math.max(0, Math.round(rate)))} events/s` : '');
    }
    if (now - this.#saidAt < TELL_MS || total === 0) return;
    const failed = counts[FAILED]! + counts[TIMED_OUT]!;
    const text =
      (connection.state === 'retrying' ? 'The connection is lost. When last heard, the run was ' : 'The run is ') +
      `${runStand(view).text}: about ${Math.floor((done * 10) / total) * 10} % done` +
      (failed > 0 ? `, ${failed} failed` : '') +
      (counts[CANCELLED]! > 0 ? `, ${counts[CANCELLED]!} cancelled` : '') +
      (counts[RUNNING]! > 0 ? '.' : ', none running.');
    if (this.#spoken.textContent === text) return;
    this.#saidAt = now;
    this.#spoken.textContent = text;
  }
}

/** Which process has the run, where it is not the one that is asked. */
const ownerText = ({ owner: { where, pid } }: RunView): string =>
  where === 'here'
    ? ''
    : where === 'nowhere'
      ? 'no process has this run'
      : `held by ${pid === undefined ? 'another process' : `process ${pid}`}`;
