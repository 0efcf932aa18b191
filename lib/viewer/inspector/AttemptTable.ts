import { make, setText } from '../dom/make.js';

import { looks } from '../theme/looks.js';
import { spanText } from '../view/clockText.js';
import type { RunView } from '../view/RunView.js';
import { clockEnd } from './clockEnd.js';

const ROWS_MAX = 20;

/** The attempts of one node, newest first, with how long each waited for its turn and ran. */
export class AttemptTable {
  readonly #body = make('tbody');
  readonly element = make(
    'table',
    { class: 'attempts' },
    make('caption', { class: 'sr' }, 'Attempts'),
    make(
      'thead',
      {},
      make('tr', {}, ...['#', 'queued', 'ran', 'end'].map((name) => make('th', { scope: 'col' }, name))),
    ),
    this.#body,
  );
  /** Places in the columns of all attempts that are this node's, found so far. */
  #found: number[] = [];
  #read = 0;

  /** Forgets the node that was shown. */
  reset(): void {
    this.#found = [];
    this.#read = 0;
    this.#body.replaceChildren();
  }

  show(view: RunView, index: number): void {
    const { attempts, seq } = view;
    if (attempts.size < this.#read) this.reset();
    const { node, size } = attempts;
    for (let place = this.#read; place < size; place++) if (node[place] === index) this.#found.push(place);
    this.#read = size;
    const begun = this.#found.filter((place) => attempts.startSeq[place]! <= seq).slice(-ROWS_MAX);
    while (this.#body.rows.length > begun.length) this.#body.deleteRow(-1);
    for (let i = 0; i < begun.length; i++) {
      const place = begun[begun.length - 1 - i]!;
      const start = attempts.startAt[place]!;
      const endSeq = attempts.endSeq[place]!;
      const isRunning = endSeq === 0 || endSeq > seq;
      const end = isRunning ? clockEnd(view) : attempts.endAt[place]!;
      const look = isRunning ? undefined : looks[attempts.end[place]!];
      const row = this.#body.rows[i] ?? this.#body.insertRow();
      const cells = [
        String(attempts.attempt[place]),
        spanText(Math.max(0, start - attempts.readyAt[place]!)),
        spanText(Math.max(0, end - start)),
        look === undefined ? 'runs' : `${look.glyph} ${look.label}`,
      ];
      cells.forEach((text, column) => setText(row.cells[column] ?? row.insertCell(), text));
    }
    this.element.hidden = begun.length === 0;
  }
}
