import { make } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import { GONE, looks } from '../theme/looks.js';
import type { RunView } from '../view/RunView.js';

const AT_ONCE = 50;

/** Nodes by name, each with its state and selected by a click. */
export class NodeLinks {
  readonly element = make('ul', { class: 'links' });
  #nodes: readonly number[] = [];
  #told = AT_ONCE;

  /** Shows these nodes as they stand. */
  show(view: RunView, nodes: readonly number[]): void {
    if (!isSame(nodes, this.#nodes) || this.element.childElementCount === 0) {
      this.#nodes = nodes;
      this.#told = AT_ONCE;
      this.#build(view);
    }
    for (let i = 0; i < Math.min(this.#told, nodes.length); i++) {
      const look = looks[view.looks[nodes[i]!] ?? GONE];
      const glyph = this.element.children[i]!.firstElementChild!;
      const name = look?.name ?? 'gone';
      if (glyph.className === name) continue;
      glyph.className = name;
      glyph.textContent = look?.glyph ?? '·';
      glyph.setAttribute('aria-label', look?.label ?? 'does not exist now');
    }
  }

  #build(view: RunView): void {
    const rows = this.#nodes
      .slice(0, this.#told)
      .map((index) =>
        make(
          'li',
          {},
          make('span', { role: 'img' }),
          make('button', { class: 'link', onclick: () => view.select(index) }, shown(view.idOf(index)) || '(no name)'),
        ),
      );
    const left = this.#nodes.length - rows.length;
    const more = make(
      'li',
      {},
      make(
        'button',
        {
          class: 'link',
          onclick: () => {
            this.#told += AT_ONCE * 4;
            this.#build(view);
            this.show(view, this.#nodes);
          },
        },
        `show more (${countText(left)} left)`,
      ),
    );
    this.element.replaceChildren(...rows, ...(left > 0 ? [more] : []));
    if (this.#nodes.length === 0) this.element.append(make('li', { class: 'muted' }, 'none'));
  }
}

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a === b || (a.length === b.length && a.every((node, i) => node === b[i]));
