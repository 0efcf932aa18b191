import { make, setText } from '../dom/make.js';
import { countText } from '../dom/shown.js';
import { looks } from '../theme/looks.js';
import { farMark, reachOf, strengthOf } from './farMark.js';
import { svgElement } from './svgElement.js';

const WIDTH = 20;
const HEIGHT = 8;
const REACH = reachOf(WIDTH);

/** Tells what the marks mean that stand for nodes seen from afar, and how many nodes have each. */
export class Legend {
  readonly element = make('div', { class: 'legend' });
  readonly #rows = looks.map(({ label }, look) => {
    const count = make('b');
    const mark = svgElement(
      'svg',
      {
        class: `look-${look}`,
        viewBox: `0 0 ${WIDTH + 2 * REACH} ${HEIGHT}`,
        'aria-hidden': 'true',
        opacity: strengthOf(look),
      },
      ...farMark(look, WIDTH, HEIGHT).map(({ ink, x, y, width, height }) =>
        svgElement('rect', { x: x + REACH, y, width, height, fill: `var(--${ink === 'edge' ? 'dag-edge' : ink})` }),
      ),
    );
    const row = make('span', { hidden: true }, mark, count, ` ${label}`);
    this.element.append(row);
    return { row, count };
  });

  paint(counts: ArrayLike<number>): void {
    this.#rows.forEach(({ row, count }, look) => {
      row.hidden = !counts[look];
      setText(count, countText(counts[look] ?? 0));
    });
  }
}
