import type { GraphError } from '../../plan/GraphError.js';

/** What is wrong with a file, or worth a warning: one sentence, with its place. */
export interface FileError {
  /** A file with nothing but warnings is taken. */
  readonly severity: 'error' | 'warning';
  readonly type:
    | GraphError['type']
    | 'Syntax' // not YAML, or more than one document
    | 'TooLarge'
    | 'TooDeep'
    | 'AliasForbidden' // an anchor, an alias or a merge key
    | 'UnknownTag'
    | 'DuplicateKey'
    | 'UnknownKey'
    | 'NoEffect'
    | 'Warning';
  readonly message: string;
  /** As it was given to the reader; absent for a text without a name. */
  readonly file?: string;
  /** From 1. */
  readonly line: number;
  /** In characters, from 1. */
  readonly column: number;
  /** The line, at most 120 characters around the place, and a line of carets under what is meant. */
  readonly excerpt: string;
  /** The node it is about. */
  readonly node?: string;
}

/**
 * An error as a terminal or a log shows it: `file:line:column: message`, the line, and carets under what is meant.
 * Control characters in it are escaped.
 */
export const showFileError = ({ severity, file, line, column, message, excerpt }: FileError): string =>
  `${file ?? 'text'}:${line}:${column}: ${severity === 'warning' ? 'warning: ' : ''}${message}${excerpt === '' ? '' : `\n${excerpt}`}`;
