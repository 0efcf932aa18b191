import { icon } from '../dom/icon.js';
import { make, setText, setTrait } from '../dom/make.js';
import { countText } from '../dom/shown.js';
import { ViewElement } from '../dom/ViewElement.js';
import { Colours, onTheme } from '../theme/Colours.js';
import type { Changes } from '../view/Changes.js';
import type { RunView } from '../view/RunView.js';
import { Density } from './Density.js';
import { scrubberText } from './scrubberText.js';

/** How often the track is painted anew while a run goes on: it changes by less than a pixel from event to event. */
const PAINT_MS = 200;

const speeds = [1, 10, 100, 1_000];

/** `<dag-scrubber>`: which moment of the run is shown. A slider over all events, steps, playing, and the way back to now. */
export class DagScrubber extends ViewElement {
  readonly #range = make('input', {
    type: 'range',
    min: 0,
    max: 0,
    step: 1,
    'aria-label': 'Event that is shown',
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
  #wanted: number | undefined;
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
        make('div', { class: 'group' }, this.#back, this.#play, this.#forward, this.#speed),
        make('div', { class: 'track' }, this.#canvas, this.#range),
        make('div', { class: 'where' }, this.#seq, this.#time, this.#live),
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
    else view.play(Number(this.#speed.value));
    this.#showPlaying(view.playing !== undefined);
  }

  protected override viewSet(): void {
    this.#density = new Density();
    this.#paintedAt = 0;
  }

  protected override paint(view: RunView, changes: Changes): void {
    // A moment that the slider asks for is gone to once a frame, however often it moved.
    if (this.#wanted !== undefined) {
      const wanted = this.#wanted;
      this.#wanted = undefined;
      if (wanted >= view.head) view.live();
      else if (wanted !== view.seq) view.seek(wanted);
    }
    const { seq, head } = view;
    if (this.#range.max !== String(head)) this.#range.max = String(head);
    if (this.#range.value !== String(seq)) this.#range.value = String(seq);
    const where = `#${countText(seq)} / ${countText(head)}`;
    const time = seq === 0 ? 'before the start' : view.timeText(view.at);
    this.#range.style.setProperty('--at', `${head === 0 ? 0 : (seq / head) * 100}%`);
    setTrait(this.#range, 'aria-valuetext', `event ${seq} of ${head}, ${time}`);
    setText(this.#seq, where);
    setText(this.#time, time);
    const isEnded = view.isOver || view.connection.state === 'file' || view.connection.state === 'ended';
    setText(this.#live, isEnded ? 'End' : 'Live');
    const isFollowing = !isEnded && view.connection.state === 'live';
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

  #changeSpeed(): void {
    if (this.view?.playing !== undefined) this.view.play(Number(this.#speed.value));
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
    const across = (events * width) / view.head;
    for (const [counts, colour] of [
      [retries, '--dag-retrying-line'],
      [failures, '--dag-failed-line'],
    ] as const) {
      pen.fillStyle = this.#colours.of(colour);
      for (let part = 0; part * events < read; part++) {
        const count = counts[part]!;
        if (count === 0) continue;
        const tall = Math.min(height, height / 3 + (height * count) / events);
        pen.fillRect(part * across, height - tall, Math.max(2 * devicePixelRatio, across), tall);
      }
    }
  }
}
