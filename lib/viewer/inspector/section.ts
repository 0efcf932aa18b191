import { make } from '../dom/make.js';

/** A part of a panel under a heading that opens and closes it. */
export const section = (title: string, isOpen: boolean, ...children: readonly Node[]): HTMLDetailsElement => {
  const details = make('details', { class: 'section' }, make('summary', {}, make('h3', {}, title)), ...children);
  details.open = isOpen;
  return details;
};
