import * as E from '#fp-ts/Either';
import {
  CST,
  Composer,
  Lexer,
  Parser,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type Document,
  type Node,
} from 'yaml';
import type { FileError } from './FileError.js';
import { FileNotes } from './FileNotes.js';
import { sourceOf } from './sourceOf.js';
import type { SourceText, Span } from './SourceText.js';

/** How large a file may be, so that none can hurt whoever reads it. */
export interface FileLimits {
  /** Its size, in UTF-8. @default 10,000,000 */
  readonly maxBytes: number;
  /** How deep lists and maps may lie in each other. @default 64 */
  readonly maxDepth: number;
  /** How many pieces (words, signs, line breaks, …) it may have. A node of eight lines has about 60. @default 2,000,000 */
  readonly maxPieces: number;
}

export const defaultLimits: FileLimits = { maxBytes: 10_000_000, maxDepth: 64, maxPieces: 2_000_000 };

/**
 * Reads one YAML document as a tree of nodes that know their places. Refused: what is too large or too deep (before a tree
 * is built), what is not YAML 1.2, several documents, anchors, aliases, and tags other than `allowedTags`.
 */
export const readDocument = (
  source: SourceText,
  allowedTags: readonly string[],
  limits: FileLimits,
): E.Either<readonly FileError[], Node> => {
  const tokens = tokensOf(source, limits);
  if (E.isLeft(tokens)) return E.left([tokens.left]);
  const notes = new FileNotes(source);
  const [document, other] = documentsOf(tokens.right, source.text.length);
  const { errors, directives, contents } = document!;
  // What follows the first fault is mostly its consequence.
  const [fault] = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (fault !== undefined) notes.error('Syntax', faultText(fault), faultSpan(fault, source.text));
  if (other !== undefined)
    notes.error('Syntax', 'The file has more than one document; a pipeline is a file of its own.', {
      start: other.range[0],
      end: other.range[1],
    });
  if (directives.yaml.explicit === true && directives.yaml.version !== '1.2')
    notes.error(
      'Syntax',
      'The file asks for another version of YAML; leave out the %YAML line.',
      lineOf(source, '%YAML'),
    );
  if (notes.errors.length === 0) refuse(contents, allowedTags, notes);
  if (notes.errors.length > 0) return E.left(notes.list());
  return contents === null
    ? E.left([source.error('Syntax', 'The file is empty; a pipeline needs at least a name and nodes.', START)])
    : E.right(contents);
};

/** The parser's words, where ours do not say better what to do. */
const faultText = ({ code, message }: { readonly code: string; readonly message: string }): string => {
  if (message.startsWith('Nested mappings')) return 'A text with ": " in it has to stand in quotes.';
  if (message.startsWith('Sequence item without'))
    return 'This is neither an item ("- …") nor in the column of the keys above; check its indentation.';
  if (message.startsWith('Flow ')) return 'A bracket is not closed, or what stands in it is not indented far enough.';
  if (/^Missing closing ["']/.test(message)) return 'A text in quotes is not closed before this place.';
  return FAULTS[code] ?? `${short(message.replace(/\.$/, ''), 200)}.`;
};

const FAULTS: Readonly<Record<string, string>> = {
  BAD_INDENT: 'This line is not indented like those that it belongs to; check its indentation.',
  BLOCK_IN_FLOW: 'Something is missing before this: a comma, a quote, or a bracket that closes.',
  TAB_AS_INDENT: "A tab can't indent a line; use blanks.",
};

/** Where a fault is to be seen: not in the blanks before it. */
const faultSpan = ({ pos }: { readonly pos: readonly [number, number] }, text: string): Span => {
  let [start] = pos;
  while (/^[ ]$/.test(text[start] ?? '')) start++;
  return { start, end: Math.max(pos[1], start + 1) };
};

const START = { start: 0, end: 0 };

const lineOf = ({ text }: SourceText, word: string): Span => {
  const start = Math.max(0, text.indexOf(word));
  return { start, end: start + word.length };
};

const ERRORS_MAX = 100;

/**
 * Splits a text into the tokens that trees are built from, or tells that it is too large or too deep. Depth is what the
 * parser itself has open, so nothing can hide from it; behind a second document or 100 errors it does not go on.
 */
const tokensOf = (
  source: SourceText,
  { maxBytes, maxDepth, maxPieces }: FileLimits,
): E.Either<FileError, readonly CST.Token[]> => {
  const { text } = source;
  const bytes = text.length > maxBytes ? text.length : new TextEncoder().encode(text).length;
  if (bytes > maxBytes)
    return E.left(
      source.error(
        'TooLarge',
        `The file has ${text.length > maxBytes ? 'over ' : ''}${format(bytes)} bytes; at most ${format(maxBytes)} are read.`,
        START,
      ),
    );
  const tokens: CST.Token[] = [];
  const parser = new Parser();
  let pieces = 0;
  let documents = 0;
  let errors = 0;
  for (const word of new Lexer().lex(text)) {
    const place = { start: parser.offset, end: parser.offset + 1 };
    if (++pieces > maxPieces)
      return E.left(
        source.error('TooLarge', `The file has more than ${format(maxPieces)} words and signs; split it.`, place),
      );
    for (const token of parser.next(word)) {
      tokens.push(token);
      if (token.type === 'document') documents++;
      // Outside of a document all that follows is one error more.
      if (token.type === 'error') errors += parser.stack.length === 0 ? ERRORS_MAX : 1;
    }
    if (documents > 1 || errors >= ERRORS_MAX) return E.right(tokens);
    if (parser.stack.length > maxDepth && parser.stack.filter(CST.isCollection).length > maxDepth)
      return E.left(
        source.error(
          'TooDeep',
          `Lists and maps lie deeper in each other than ${maxDepth} levels here; flatten them.`,
          place,
        ),
      );
  }
  return E.right(tokens.concat([...parser.end()]));
};

const format = (count: number): string => count.toLocaleString('en-US');

/** Builds the tree of each document; of an empty text there is an empty one. */
const documentsOf = (tokens: readonly CST.Token[], end: number): readonly Document.Parsed[] => {
  // Errors that nobody throws need no stacks; a file full of them would take gigabytes.
  const stackTraceLimit: unknown = Reflect.get(Error, 'stackTraceLimit');
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return [...new Composer({ uniqueKeys: false, version: '1.2' }).compose(tokens, true, end)];
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }
};

/** Refuses what could make a small file mean something huge, or something that only a program knows. */
const refuse = (root: unknown, allowedTags: readonly string[], notes: FileNotes): void => {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (isPair(node)) open.push(node.value, node.key);
    else if (isAlias(node))
      notes.error(
        'AliasForbidden',
        `The alias *${short(node.source)} is not taken; write out what it stands for.`,
        node,
      );
    else if (isScalar(node) || isCollection(node)) {
      if (node.anchor !== undefined)
        notes.error('AliasForbidden', `The anchor &${short(node.anchor)} is not taken; leave it out.`, node);
      if (node.tag !== undefined && !allowedTags.includes(node.tag))
        notes.error('UnknownTag', `The tag ${short(node.tag)} is not taken; leave it out.`, node);
      if (isCollection(node)) for (let i = node.items.length - 1; i >= 0; i--) open.push(node.items[i]);
      if (isMap(node)) repeated(node, notes);
    }
  }
};

const short = (text: string, length = 100): string => (text.length > length ? `${text.slice(0, length)}…` : text);

/** Tells of keys that a map has twice. */
const repeated = (map: { readonly items: readonly { readonly key: unknown }[] }, notes: FileNotes): void => {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key)) {
      if (key !== null) notes.error('Syntax', 'A key has to be a text.', key as Node);
      continue;
    }
    const name = sourceOf(key);
    if (name === '<<' && key.type === 'PLAIN')
      notes.error('AliasForbidden', 'The merge key << is not taken; write out what it would bring in.', key);
    if (seen.has(name)) notes.error('DuplicateKey', `The key "${short(name)}" stands here twice; keep one.`, key);
    seen.add(name);
  }
};
