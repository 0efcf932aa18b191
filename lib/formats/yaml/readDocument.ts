import * as E from '#fp-ts/Either';
import { CST, Lexer, isAlias, isCollection, isMap, isPair, isScalar, parseDocument, type Node } from 'yaml';
import type { FileError } from './FileError.js';
import { FileNotes } from './FileNotes.js';
import { sourceOf } from './sourceOf.js';
import type { SourceText } from './SourceText.js';

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
 * Reads one YAML document as a tree of nodes that know their places. Refused: what is too large or too deep (before it
 * is parsed), what is not YAML 1.2, several documents, anchors, aliases, and tags other than `allowedTags`.
 */
export const readDocument = (
  source: SourceText,
  allowedTags: readonly string[],
  limits: FileLimits,
): E.Either<readonly FileError[], Node> => {
  const tooMuch = beyond(source, limits);
  if (tooMuch !== undefined) return E.left([tooMuch]);
  const notes = new FileNotes(source);
  const document = parseDocument(source.text, { prettyErrors: false, uniqueKeys: false, version: '1.2' });
  for (const { code, message, pos } of document.errors)
    notes.error(
      'Syntax',
      code === 'MULTIPLE_DOCS'
        ? 'The file has more than one document; a pipeline is a file of its own.'
        : `${message.replace(/\.$/, '')}.`,
      { start: pos[0], end: pos[1] },
    );
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== '1.2')
    notes.error(
      'Syntax',
      'The file asks for another version of YAML; leave out the %YAML line.',
      lineOf(source, '%YAML'),
    );
  if (notes.errors.length === 0) refuse(document.contents, allowedTags, notes);
  if (notes.errors.length > 0) return E.left(notes.list());
  return document.contents === null
    ? E.left([source.error('Syntax', 'The file is empty; a pipeline needs at least a name and nodes.', START)])
    : E.right(document.contents);
};

/** What opens a level of a block by standing further to the right than what is around it. */
const STRUCTURE: readonly string[] = [
  'seq-item-ind',
  'explicit-key-ind',
  'scalar',
  'single-quoted-scalar',
  'double-quoted-scalar',
  'block-scalar-header',
];

const START = { start: 0, end: 0 };

const lineOf = ({ text }: SourceText, word: string): { start: number; end: number } => {
  const start = Math.max(0, text.indexOf(word));
  return { start, end: start + word.length };
};

/** Tells what is too large or too deep. Looks at words alone, so it costs little and cannot be overwhelmed itself. */
const beyond = (source: SourceText, { maxBytes, maxDepth, maxPieces }: FileLimits): FileError | undefined => {
  const { text } = source;
  const bytes = text.length > maxBytes ? text.length : new TextEncoder().encode(text).length;
  if (bytes > maxBytes)
    return source.error(
      'TooLarge',
      `The file has ${text.length > maxBytes ? 'over ' : ''}${format(bytes)} bytes; at most ${format(maxBytes)} are read.`,
      START,
    );
  let at = 0;
  let lineStart = 0;
  let pieces = 0;
  let brackets = 0;
  const indents: number[] = [];
  let isText = false; // the word behind the sign for a scalar is text, whatever it looks like
  for (const word of new Lexer().lex(text)) {
    if (++pieces > maxPieces)
      return source.error('TooLarge', `The file has more than ${format(maxPieces)} words and signs; split it.`, {
        start: at,
        end: at + 1,
      });
    const type = isText ? 'scalar' : CST.tokenType(word);
    isText = word === CST.SCALAR && !isText;
    if (isText || type === 'doc-mode' || type === 'flow-error-end') continue;
    if (type === 'flow-map-start' || type === 'flow-seq-start') brackets++;
    else if (type === 'flow-map-end' || type === 'flow-seq-end') brackets = Math.max(0, brackets - 1);
    else if (type === 'doc-start') indents.length = brackets = 0;
    else if (brackets === 0 && type !== null && STRUCTURE.includes(type)) {
      const column = at - lineStart;
      while (indents.length > 0 && indents.at(-1)! >= column) indents.pop();
      indents.push(column);
    }
    if (brackets + indents.length > maxDepth + 1)
      return source.error(
        'TooDeep',
        `Lists and maps lie deeper in each other than ${maxDepth} levels here; flatten them.`,
        {
          start: at,
          end: at + 1,
        },
      );
    at += word.length;
    const breaks = word.lastIndexOf('\n');
    if (breaks !== -1) lineStart = at - word.length + breaks + 1;
  }
  return undefined;
};

const format = (count: number): string => count.toLocaleString('en-US');

/** Refuses what could make a small file mean something huge, or something that only a program knows. */
const refuse = (root: unknown, allowedTags: readonly string[], notes: FileNotes): void => {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (isPair(node)) open.push(node.value, node.key);
    else if (isAlias(node))
      notes.error('AliasForbidden', `The alias *${node.source} is not taken; write out what it stands for.`, node);
    else if (isScalar(node) || isCollection(node)) {
      if (node.anchor !== undefined)
        notes.error('AliasForbidden', `The anchor &${node.anchor} is not taken; leave it out.`, node);
      if (node.tag !== undefined && !allowedTags.includes(node.tag))
        notes.error('UnknownTag', `The tag ${node.tag} is not taken; leave it out.`, node);
      if (isCollection(node)) for (let i = node.items.length - 1; i >= 0; i--) open.push(node.items[i]);
      if (isMap(node)) repeated(node, notes);
    }
  }
};

/** Tells of keys that a map has twice. */
const repeated = (map: { readonly items: readonly { readonly key: unknown }[] }, notes: FileNotes): void => {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key)) {
      if (key !== null) notes.error('Syntax', 'A key has to be a text.', key as Node);
      continue;
    }
    const name = sourceOf(key);
    if (name === '<<')
      notes.error('AliasForbidden', 'The merge key << is not taken; write out what it would bring in.', key);
    if (seen.has(name))
      notes.error('DuplicateKey', `The key "${name.slice(0, 100)}" stands here twice; keep one.`, key);
    seen.add(name);
  }
};
