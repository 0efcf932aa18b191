import { make } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import type { NodeOutcome, RunDifference } from '../source/RunDifference.js';
import { looks } from '../theme/looks.js';
import type { RunView } from '../view/RunView.js';

/** So many nodes are told at first, and so many more each time. */
const AT_ONCE = 50;

/** The nodes that ended differently in two runs, each with both its ends; a press on one that this run has selects it. */
export const differences = (
  view: RunView,
  other: string,
  { differing, nodes }: RunDifference,
  select: (index: number) => void,
): HTMLElement => {
  const told = nodes ?? differing.map((id) => ({ id, here: undefined, there: undefined }));
  const list = make('ul', { class: 'differences' });
  const more = make('button', { type: 'button', onclick: () => grow() });
  const rest = make('p', { class: 'muted' });
  const grow = (): void => {
    const from = list.childElementCount;
    for (const { id, here, there } of told.slice(from, from + AT_ONCE)) {
      const index = view.indexOf(id);
      const name = shown(id) || '(no name)';
      list.append(
        make(
          'li',
          {},
          index === undefined
            ? make('span', { class: 'what' }, name)
            : make('button', { type: 'button', class: 'link', onclick: () => select(index) }, name),
          ...(nodes === undefined ? [] : [outcome('here', here), outcome('there', there)]),
        ),
      );
    }
    const left = told.length - list.childElementCount;
    more.hidden = left <= 0;
    more.textContent = `Show ${countText(Math.min(AT_ONCE, left))} more of ${countText(left)}`;
    rest.hidden = left > 0 || told.length === differing.length;
  };
  rest.textContent = `and ${countText(differing.length - told.length)} more, not told in detail`;
  grow();
  return make(
    'div',
    { hidden: told.length === 0 },
    nodes !== undefined &&
      make(
        'div',
        { class: 'differences heads muted', 'aria-hidden': true },
        make('span', {}, 'node'),
        make('span', {}, 'this run'),
        make('span', {}, shown(other, 40)),
      ),
    list,
    more,
    rest,
  );
};

/** How a node ended in one of the runs. */
const outcome = (where: string, end: NodeOutcome | undefined): HTMLElement => {
  const look = looks.find(({ name }) => name === end?.status);
  const tries = end !== undefined && end.attempts > 1 ? ` in ${end.attempts} attempts` : '';
  return make(
    'div',
    {},
    make('span', { class: 'sr' }, `${where}: `),
    look !== undefined && make('span', { class: look.name, 'aria-hidden': true }, `${look.glyph} `),
    end === undefined ? 'not there' : `${end.status}${tries}`,
    end !== undefined && end.text !== '' && make('div', { class: 'mono muted' }, shown(end.text, 200)),
  );
};
