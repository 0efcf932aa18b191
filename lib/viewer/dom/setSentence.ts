import { make } from './make.js';
import { shown } from './shown.js';

/** Sets an element's text where it differs; what stands in `backticks` is shown as code. */
export const setSentence = (element: Element, text: string): void => {
  const pieces = text.split('`').map((piece) => shown(piece, 1_000));
  if (pieces.join('') === element.textContent) return;
  element.replaceChildren(...pieces.map((piece, i) => (i % 2 === 0 ? piece : make('code', {}, piece))));
};
