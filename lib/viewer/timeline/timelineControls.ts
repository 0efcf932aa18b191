import { make } from '../dom/make.js';
import type { RowSort } from './timelineRows.js';

/** What the timeline's controls do. */
interface Deeds {
  readonly sort: (sort: RowSort) => void;
  readonly cut: () => void;
  readonly zoom: (factor: number) => void;
  readonly reset: () => void;
}

const sorts: readonly (readonly [RowSort, string])[] = [
  ['start', 'Start'],
  ['open', 'Running first'],
  ['dependency', 'Dependencies'],
  ['duration', 'Duration'],
];

/** The parts that a timeline is made of. */
export const timelineControls = (deeds: Deeds) => {
  const sort = make(
    'select',
    { 'aria-label': 'Order of the rows', onchange: () => deeds.sort(sort.value as RowSort) },
    ...sorts.map(([value, text]) => make('option', { value }, text)),
  );
  const cut = make(
    'button',
    { title: 'Leaves out the times in which nothing ran', onclick: deeds.cut },
    'Cut idle time',
  );
  const button = (text: string, name: string, onclick: () => void): HTMLButtonElement =>
    make('button', { title: name, 'aria-label': name, onclick }, text);
  const out = button('−', 'Zoom out', () => deeds.zoom(1 / 1.5));
  const closer = button('+', 'Zoom in', () => deeds.zoom(1.5));
  const reset = make('button', { title: 'Shows the whole run', onclick: deeds.reset }, 'Reset');
  const count = make('span', { class: 'count muted' });
  const bar = make(
    'div',
    { class: 'bar' },
    make('label', {}, make('span', { class: 'muted' }, 'Sort by'), sort),
    cut,
    make('span', { class: 'zoom', role: 'group', 'aria-label': 'Zoom' }, out, closer, reset),
    count,
  );
  const canvas = make('canvas', {
    tabindex: 0,
    role: 'application',
    'aria-label': 'Timeline of nodes',
    'aria-roledescription': 'timeline',
  });
  const space = make('div', { 'aria-hidden': 'true' });
  const none = make('div', { class: 'none muted', 'aria-hidden': 'true' });
  const box = make('div', { class: 'box' }, canvas, space, none);
  const told = make('div', { class: 'sr', role: 'status' });
  return { bar, sort, cut, reset, count, box, canvas, space, none, told };
};
