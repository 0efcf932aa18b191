import type { RunView } from '../view/RunView.js';

/** How long after a change the address is written; browsers refuse those who write it too often. */
const WRITE_MS = 400;
/** How long what an address tells and the run has not come to is waited for. */
const WAIT_MS = 3_000;

/** What stands in the address after `#`. Keys that are not ours, such as a token, stay as they are. */
export interface Place {
  readonly run: string | undefined;
  readonly seq: number | undefined;
  readonly node: string | undefined;
  readonly view: string | undefined;
}

/** Reads `#run=..&seq=..&node=..&view=..`. */
export const readPlace = (hash: string): Place => {
  const told = new URLSearchParams(hash.replace(/^#/, ''));
  const text = (key: string): string | undefined => told.get(key) ?? undefined;
  const seq = text('seq');
  return {
    run: text('run'),
    seq: seq !== undefined && /^\d{1,15}$/.test(seq) ? Number(seq) : undefined,
    node: text('node'),
    view: text('view'),
  };
};

/** The same address with another place in it. */
export const writePlace = (hash: string, place: Place): string => {
  const told = new URLSearchParams(hash.replace(/^#/, ''));
  for (const [key, value] of Object.entries(place) as [string, string | number | undefined][]) {
    told.delete(key);
    if (value !== undefined) told.set(key, String(value));
  }
  return `#${told.toString()}`;
};

/** Keeps the address and what is shown alike: read at the start and when somebody changes it, written as one moves on. */
export class DeepLink {
  readonly #views: { read(): string | undefined; show(text: string): void };
  #wanted: Place | undefined;
  #readAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(views: { read(): string | undefined; show(text: string): void }) {
    this.#views = views;
  }

  /** Reads the address; what the run has not come to yet is waited for a while. */
  read(): void {
    this.#wanted = readPlace(location.hash);
    this.#readAt = performance.now();
    if (this.#wanted.view !== undefined) this.#views.show(this.#wanted.view);
  }

  /** Goes where the address wants to, as far as the run is known, and from then on writes it. */
  update(view: RunView): void {
    if (view.runId === '') return;
    if (this.#wanted !== undefined && !this.#reach(view, this.#wanted)) return;
    this.#wanted = undefined;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (view.playing === undefined) this.#write(view);
    }, WRITE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #reach(view: RunView, { run, seq, node }: Place): boolean {
    if (run !== undefined && run !== view.runId) return true;
    const index = node === undefined ? undefined : view.indexOf(node);
    const isAwaited = (seq !== undefined && seq > view.log.size) || (node !== undefined && index === undefined);
    if (isAwaited && !view.isOver && performance.now() - this.#readAt < WAIT_MS) return false;
    if (seq !== undefined && seq < view.head) view.seek(seq);
    else if (seq === undefined) view.live();
    view.select(index);
    return true;
  }

  #write(view: RunView): void {
    const hash = writePlace(location.hash, {
      run: view.runId,
      seq: view.isLive || view.seq >= view.head ? undefined : view.seq,
      node: view.selected === undefined ? undefined : view.idOf(view.selected),
      view: this.#views.read(),
    });
    if (hash === location.hash || hash.length > 4_000) return;
    try {
      history.replaceState(history.state, '', hash);
    } catch {
      // A page without an address of its own, as in a frame: nothing to keep.
    }
  }
}
