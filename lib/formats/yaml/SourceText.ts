import stringWidth from 'string-width';
import { printable } from '../../model/printable.js';
import type { FileError } from './FileError.js';

/** From where to where in a text, in UTF-16 units; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const EXCERPT_MAX = 120;

/** A file's text, and where in it things stand. */
export class SourceText {
  readonly text: string;
  readonly file: string | undefined;
  #lineStarts: number[] | undefined;

  constructor(text: string, file: string | undefined) {
    this.text = text;
    this.file = file;
  }

  /** Tells of something at a place. */
  note(
    severity: FileError['severity'],
    type: FileError['type'],
    message: string,
    span: Span,
    node?: string,
  ): FileError {
    const start = Math.min(Math.max(span.start, 0), this.text.length);
    const line = this.#lineOf(start);
    const lineStart = this.#starts[line]!;
    let column = 1;
    for (let at = lineStart; at < start; at += this.text.codePointAt(at)! > 0xffff ? 2 : 1) column++;
    const rest = this.text.slice(lineStart, this.#starts[line + 1] ?? this.text.length).replace(/\r?\n$/, '');
    return {
      severity,
      type,
      message: printable(message),
      ...(this.file === undefined ? {} : { file: printable(this.file) }),
      line: line + 1,
      column,
      excerpt: excerptOf(rest, start - lineStart, Math.max(span.end, start + 1) - lineStart, String(line + 1)),
      ...(node === undefined ? {} : { node }),
    };
  }

  error(type: FileError['type'], message: string, span: Span): FileError {
    return this.note('error', type, message, span);
  }

  get #starts(): readonly number[] {
    if (this.#lineStarts !== undefined) return this.#lineStarts;
    const starts = [0];
    for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
    return (this.#lineStarts = starts);
  }

  #lineOf(offset: number): number {
    const starts = this.#starts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The line with its number, and carets under the columns `from` to `to` of it. */
const excerptOf = (line: string, from: number, to: number, number: string): string => {
  const cut = Math.max(0, Math.min(from - EXCERPT_MAX / 2, line.length - EXCERPT_MAX));
  const shown = line.slice(cut, cut + EXCERPT_MAX);
  const before = printable(shown.slice(0, from - cut).replaceAll('\t', ' '));
  const meant = printable(shown.slice(from - cut, to - cut).replaceAll('\t', ' '));
  const after = printable(shown.slice(Math.max(0, to - cut)).replaceAll('\t', ' '));
  const prefix = cut > 0 ? '…' : '';
  const margin = ' '.repeat(number.length);
  const indent = ' '.repeat(stringWidth(before));
  const carets = '^'.repeat(Math.max(1, stringWidth(meant.trimEnd())));
  return `  ${number} | ${prefix}${before}${meant}${after}\n  ${margin} | ${prefix === '' ? '' : ' '}${indent}${carets}`;
};
