import { make } from '../dom/make.js';

/** What the log's controls do. */
interface Deeds {
  readonly filter: () => void;
  readonly only: () => void;
  readonly follow: () => void;
  readonly copy: () => void;
}

const columns = ['Pinned', 'No.', 'Time', 'Event', 'Node', 'What happened'];
const names = ['', 'seq', 'time', 'type', 'node', 'said'];

/** The parts that a log is made of, rows aside. */
export const logControls = (deeds: Deeds) => {
  const filter = make('input', {
    type: 'search',
    placeholder: 'Filter: failed, load, -progress',
    'aria-label': 'Filter events by type, node or text',
    spellcheck: 'false',
    autocomplete: 'off',
    oninput: deeds.filter,
  });
  const only = make(
    'button',
    { title: 'Shows the events of the selected node alone', onclick: deeds.only },
    'Only this node',
  );
  const follow = make('button', { title: 'Keeps the moment that is shown in sight', onclick: deeds.follow }, 'Follow');
  const copy = make(
    'button',
    { title: 'Copies the selected events as lines of JSON (Ctrl+C)', onclick: deeds.copy },
    'Copy',
  );
  const count = make('span', { class: 'count muted' });
  const told = make('span', { class: 'sr', role: 'status' });
  const pane = make('div', { class: 'pane', role: 'rowgroup' });
  const space = make('div', { 'aria-hidden': 'true' });
  const none = make('div', { class: 'none muted', 'aria-hidden': 'true' });
  const head = make(
    'div',
    { class: 'row', role: 'row', 'aria-rowindex': 1 },
    ...columns.map((name, i) =>
      make('div', { role: 'columnheader', class: names[i] }, i === 0 ? make('span', { class: 'sr' }, name) : name),
    ),
  );
  const grid = make(
    'div',
    {
      class: 'grid',
      role: 'grid',
      tabindex: 0,
      'aria-label': 'Events',
      'aria-multiselectable': 'true',
      'aria-colcount': columns.length,
    },
    make('div', { class: 'head', role: 'rowgroup' }, head),
    pane,
    space,
    none,
  );
  const bar = make('div', { class: 'bar' }, filter, only, follow, copy, count);
  return { bar, filter, only, follow, copy, count, told, grid, pane, space, none };
};
