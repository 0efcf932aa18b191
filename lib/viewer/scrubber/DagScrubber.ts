import { icon } from '../dom/icon.js';
import { make, setText, setTrait } from '../dom/make.js';
import { countText } from '../dom/shown.js';
import { ViewElement } from '../dom/ViewElement.js';
import { Colours, onTheme } from '../theme/Colours.js';
import type { Changes } from '../view/Changes.js';
import { spanText } from '../view/clockText.js';
import type { RunView } from '../view/RunView.js';
import { Density } from './Density.js';
import { scrubberText } from './scrubberText.js';

/** How often the track is painted anew while a run goes on: it changes by less than a pixel from event to event. */
const PAINT_MS = 200;

const speeds = [1, 10, 100, 1_000];
/** Steps of the slider where it goes by time. */
const STEPS = 10_000;
/** How long it is told what was left out. */
const TOLD_MS = 2_500;

/**
 * `<dag-scrubber>`: which moment of the run is shown. A slider over all events or over time, steps, playing, and the way
 * back to now.
 */
export class DagScrubber extends ViewElement {
  readonly #range = make('input', {
    type: 'range',
    min: 0,
    max: 0,
    step: 1,
    oninput: () => this.#drag(),
  });
  readonly #canvas = make('canvas', { 'aria-hidden': 'true' });
  readonly #back = make('button', { class: 'icon', onclick: () => this.view?.step(-1) }, icon('back'));
  readonly #forward = make('button', { class: 'icon', onclick: () => this.view?.step(1) }, icon('forward'));
  readonly #play = make('button', { class: 'icon', onclick: () => this.togglePlaying() });
  readonly #speed = make(
    'select',
    { 'aria-label': 'Speed', title: 'Speed', onchange: () => this.#changeSpeed() },
    ...speeds.map((speed) => make('option', { value: speed }, `×${speed}`)),
  );
  readonly #skips = make(
    'button',
    {
      class: 'wide',
      title: 'Playing leaves out times in which nothing happens, where they would last for more than 2 seconds',
      onclick: () => this.toggleSkipping(),
    },
    'Skip idle',
  );
  readonly #scale = make(
    'select',
    {
      class: 'wide',
      'aria-label': 'What the slider goes by',
      title: 'What the slider goes by',
      onchange: () => this.goBy(this.#scale.value),
    },
    ...['events', 'time'].map((value) => make('option', { value }, `by ${value}`)),
  );
  readonly #skipped = make('span', { class: 'sr', role: 'status' });
  readonly #seq = make('span', { class: 'seq' });
  readonly #time = make('span', { class: 'time muted' });
  readonly #live = make(
    'button',
    { class: 'live', title: 'Shows the newest state and stays there', onclick: () => this.view?.live() },
    'Live',
  );
  readonly #colours = new Colours(this);
  #density = new Density();
  #paintedAt = 0;
  /** Where the slider was moved to, for the next frame; and where it is left until another moment is shown. */
  #wanted: number | undefined;
  #left: { readonly place: number; readonly seq: number } | undefined;
  #skipsIdle = true;
  #skippedAt = -Infinity;
  #sizes: ResizeObserver | undefined;
  #endTheme: (() => void) | undefined;

  constructor() {
    super(scrubberText);
    for (const [button, name] of [
      [this.#back, 'One event back'],
      [this.#forward, 'One event on'],
    ] as const) {
      button.title = name;
      button.setAttribute('aria-label', name);
    }
    this.root.append(
      make(
        'div',
        { class: 'row', role: 'group', 'aria-label': 'Time travel' },
        make('div', { class: 'group' }, this.#back, this.#play, this.#forward, this.#speed, this.#skips, this.#scale),
        make('div', { class: 'track' }, this.#canvas, this.#range),
        make(
          'div',
          { class: 'where' },
          make('span', { class: 'at' }, this.#seq, this.#time),
          this.#live,
          this.#skipped,
        ),
      ),
    );
    this.#showPlaying(false);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endTheme = onTheme(() => {
      this.#colours.forget();
      this.#paintedAt = 0;
      this.repaint();
    });
    this.#sizes = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      this.#canvas.width = Math.max(1, Math.round(width * devicePixelRatio));
      this.#canvas.height = Math.max(1, Math.round(height * devicePixelRatio));
      this.#paintedAt = 0;
      this.repaint();
    });
    this.#sizes.observe(this.#canvas);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endTheme?.();
    this.#sizes?.disconnect();
  }

  /** Plays on from the event that is shown, from the first one if that is the last; or stops. */
  togglePlaying(): void {
    const { view } = this;
    if (view === undefined) return;
    if (view.playing !== undefined) view.stop();
    else view.play(Number(this.#speed.value), this.#skipsIdle);
    this.#showPlaying(view.playing !== undefined);
  }

  /** Whether playing leaves out times in which nothing happens; it does at first. */
  toggleSkipping(): void {
    this.#skipsIdle = !this.#skipsIdle;
    this.#playOn();
    this.repaint();
  }

  /** What the slider goes by: `events`, as at first, or `time`. */
  goBy(scale = this.#isByTime ? 'events' : 'time'): void {
    this.#scale.value = scale;
    this.#left = undefined;
    this.#paintedAt = 0;
    this.repaint();
  }

  protected override viewSet(): void {
    this.#density = new Density();
    this.#paintedAt = 0;
  }

  protected override paint(view: RunView, changes: Changes): void {
    this.#follow(view);
    const { seq, head } = view;
    const max = this.#isByTime ? STEPS : head;
    const place = this.#left?.seq === seq ? this.#left.place : this.#isByTime ? this.#placeOf(view, view.at) : seq;
    if (this.#range.max !== String(max)) this.#range.max = String(max);
    if (this.#range.value !== String(place)) this.#range.value = String(place);
    const time = seq === 0 ? 'before the start' : view.timeText(view.at);
    this.#range.style.setProperty('--at', `${max === 0 ? 0 : (place / max) * 100}%`);
    setTrait(this.#range, 'aria-label', this.#isByTime ? 'Moment that is shown' : 'Event that is shown');
    setTrait(this.#range, 'aria-valuetext', `event ${seq} of ${head}, ${time}`);
    setText(this.#seq, `event ${countText(seq)} of ${countText(head)}`);
    this.#showTime(view, time);
    setTrait(this.#skips, 'aria-pressed', this.#skipsIdle);
    const { state } = view.connection;
    const isEnded = view.isOver || state === 'file' || state === 'ended' || view.owner.where === 'nowhere';
    setText(this.#live, isEnded ? 'End' : 'Live');
    const isFollowing = !isEnded && state === 'live';
    setTrait(this.#live, 'class', isEnded ? '' : isFollowing ? 'live' : 'live lost');
    setTrait(this.#live, 'title', isEnded ? 'Shows the last state' : 'Shows the newest state and stays there');
    setTrait(this.#live, 'aria-pressed', view.isLive);
    this.#back.disabled = seq <= 0;
    this.#forward.disabled = seq >= head;
    this.#showPlaying(view.playing !== undefined);
    if (!changes.log) return;
    if (performance.now() - this.#paintedAt < PAINT_MS) this.repaintIn(PAINT_MS);
    else this.#drawDensity(view);
  }

  #drag(): void {
    this.#wanted = this.#range.valueAsNumber;
    this.repaint();
  }

  /** Goes to the moment that the slider asks for, once a frame, however often it moved. */
  #follow(view: RunView): void {
    const wanted = this.#wanted;
    if (wanted === undefined) return;
    this.#wanted = undefined;
    const { startedAt, endAt } = view;
    const isEnd = wanted >= Number(this.#range.max);
    const seq = this.#isByTime ? view.log.seqAt(startedAt + (wanted / STEPS) * (endAt - startedAt)) : wanted;
    if (isEnd) view.live();
    else if (seq !== view.seq || view.isLive) view.seek(seq);
    this.#left = isEnd ? undefined : { place: wanted, seq: view.seq };
  }

  get #isByTime(): boolean {
    return this.#scale.value === 'time';
  }

  /** Where a time stands on the slider. */
  #placeOf({ startedAt, endAt }: RunView, at: number): number {
    const span = endAt - startedAt;
    return span > 0 ? Math.max(0, Math.min(STEPS, Math.round(((at - startedAt) / span) * STEPS))) : STEPS;
  }

  /** The time of the moment or, for a while after it, what playing has left out. */
  #showTime(view: RunView, time: string): void {
    const now = performance.now();
    if (view.skippedMs > 0 && view.playing !== undefined) {
      this.#skippedAt = now;
      setText(this.#skipped, `skipped ${spanText(view.skippedMs)} in which nothing happened`);
      this.repaintIn(TOLD_MS);
    } else if (now - this.#skippedAt > TOLD_MS || view.playing === undefined) setText(this.#skipped, '');
    setText(this.#time, time);
    this.#skipped.classList.toggle('sr', this.#skipped.textContent === '');
  }

  #changeSpeed(): void {
    this.#playOn();
  }

  #playOn(): void {
    if (this.view?.playing !== undefined) this.view.play(Number(this.#speed.value), this.#skipsIdle);
  }

  #showPlaying(isPlaying: boolean): void {
    const name = isPlaying ? 'Stop' : 'Play';
    if (this.#play.title === name) return;
    this.#play.title = name;
    this.#play.setAttribute('aria-label', name);
    this.#play.replaceChildren(icon(isPlaying ? 'stop' : 'play'));
  }

  #drawDensity(view: RunView): void {
    const { log } = view;
    if (this.#density.readOn((seq) => log.typeAt(seq), Math.min(view.head, log.size))) this.repaint();
    this.#paintedAt = performance.now();
    const { width, height } = this.#canvas;
    const pen = this.#canvas.getContext('2d');
    if (pen === null || view.head === 0) return;
    pen.clearRect(0, 0, width, height);
    const { failures, retries, width: events, read } = this.#density;
    const isByTime = this.#isByTime;
    const across = isByTime ? 0 : (events * width) / view.head;
    for (const [counts, colour] of [
      [retries, '--dag-retrying-line'],
      [failures, '--dag-failed-line'],
    ] as const) {
      pen.fillStyle = this.#colours.of(colour);
      for (let part = 0; part * events < read; part++) {
        const count = counts[part]!;
        if (count === 0) continue;
        const tall = Math.min(height, height / 3 + (height * count) / events);
        const at = isByTime ? log.timeAt(Math.min(log.size, part * events + 1)) : 0;
        const left = isByTime ? (this.#placeOf(view, at) * width) / STEPS : part * across;
        pen.fillRect(left, height - tall, Math.max(2 * devicePixelRatio, across), tall);
      }
    }
  }
}
