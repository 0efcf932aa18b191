import { make } from '../dom/make.js';
import type { Command } from './Command.js';
import { modal } from './modal.js';

/** Keys as a reader knows them: each in a box. */
export const keyCaps = (keys: string): readonly HTMLElement[] => {
  const isMac = navigator.platform.startsWith('Mac');
  return keys
    .split(/[ +](?=.)/)
    .map((key) => make('kbd', {}, key === 'mod' ? (isMac ? '⌘' : 'Ctrl') : (caps.get(key) ?? key)));
};

const caps = new Map([
  ['ArrowUp', '↑'],
  ['ArrowDown', '↓'],
  ['ArrowLeft', '←'],
  ['ArrowRight', '→'],
  ['Escape', 'Esc'],
]);

/** The dialog with all keys, made from the commands themselves. */
export const keySheet = (commands: readonly Command[]): HTMLDialogElement => {
  const groups = new Map<string, HTMLElement[]>();
  for (const { name, group, keys } of commands) {
    if (keys === undefined) continue;
    const rows = groups.get(group) ?? [];
    groups.set(group, rows);
    const ways = keys.split(', ').map((way) => make('span', { class: 'way' }, ...keyCaps(way)));
    rows.push(make('div', { class: 'pair' }, make('dt', {}, name), make('dd', {}, ...ways)));
  }
  return modal(
    'Keys',
    'keys',
    make(
      'div',
      { class: 'columns', tabindex: 0, role: 'region', 'aria-label': 'All keys' },
      ...[...groups].map(([group, rows]) => make('section', {}, make('h3', {}, group), make('dl', {}, ...rows))),
    ),
  );
};
