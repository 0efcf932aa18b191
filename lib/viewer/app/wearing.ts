import { ownSheet } from '../theme/sheet.js';

/** Gives the page a sheet of its own, until `signal` is aborted. */
export const wearing = (text: string, signal: AbortSignal): void => {
  const sheet = ownSheet(text);
  document.adoptedStyleSheets.push(sheet);
  signal.addEventListener('abort', () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  });
};
