import type { Node } from 'yaml';
import { moreErrors } from '../../plan/moreErrors.js';
import type { FileError } from './FileError.js';
import type { SourceText, Span } from './SourceText.js';

const SHOWN_MAX = 100;

/** A function where the text costs something. */
type Message = string | (() => string);

const textOf = (message: Message): string => (typeof message === 'string' ? message : message());

/** Collects what is wrong with a file and what deserves a warning, at most 100 of each; only their messages are asked for. */
export class FileNotes {
  readonly errors: FileError[] = [];
  readonly warnings: FileError[] = [];
  readonly #source: SourceText;
  #errorCount = 0;

  constructor(source: SourceText) {
    this.#source = source;
  }

  /** How many errors there are, shown or not. */
  get errorCount(): number {
    return this.#errorCount;
  }

  error(type: FileError['type'], message: Message, at: Node | Span, node?: string): void {
    this.#errorCount++;
    if (this.errors.length < SHOWN_MAX)
      this.errors.push(this.#source.note('error', type, textOf(message), spanOf(at), node));
  }

  warn(type: FileError['type'], message: Message, at: Node | Span, node?: string): void {
    if (this.warnings.length < SHOWN_MAX)
      this.warnings.push(this.#source.note('warning', type, textOf(message), spanOf(at), node));
  }

  /** Counts errors that are not told one by one. */
  skip(count: number): void {
    this.#errorCount += count;
  }

  /** Errors and warnings by place; a last one tells how many errors are not shown. */
  list(): readonly FileError[] {
    const shown = [...this.errors, ...this.warnings].sort((a, b) => a.line - b.line || a.column - b.column);
    const more = this.#errorCount - this.errors.length;
    const last = shown.at(-1);
    if (more === 0 || last === undefined) return shown;
    return [...shown, { ...last, severity: 'error', type: 'Malformed', message: moreErrors(more), excerpt: '' }];
  }
}

/** Where a node's own text stands, without comments and spaces behind it. */
export const spanOf = (at: Node | Span): Span => {
  if ('start' in at) return at;
  const [start, end] = at.range ?? [0, 0];
  return { start, end };
};
