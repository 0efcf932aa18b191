import { make } from '../dom/make.js';

/** Puts a text on the clipboard; where the page may not, as without TLS, by the old way of a selected field. */
export const copyText = async (text: string, into: ShadowRoot): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = into.activeElement as HTMLElement | null;
    const field = make('textarea', { class: 'sr', 'aria-hidden': 'true', tabindex: -1 });
    field.value = text;
    into.append(field);
    field.select();
    try {
      return document.execCommand('copy');
    } finally {
      field.remove();
      focused?.focus();
    }
  }
};
