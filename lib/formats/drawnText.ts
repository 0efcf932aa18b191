import { printable } from '../model/printable.js';

/**
 * Any text as a drawing can hold it, before the format's own escapes: well-formed, on one line, and without what XML
 * forbids or what steers a terminal or the direction of text, which is written as `\u001b`.
 */
export const drawnText = (text: string): string =>
  printable(text.replaceAll(/[\ud800-\udfff]/gu, '\ufffd'))
    .replaceAll('\ufffe', '\\ufffe')
    .replaceAll('\uffff', '\\uffff');
