import { plainNotation, readQuantity, type Term } from './quantity.js';
import { findUnit } from './tools/units.js';

/** One question of a task, with its own words as `text`. */
export type Question = { readonly text: string } & (
  | { readonly type: 'calculation'; readonly expression: string }
  | {
      readonly type: 'conversion';
      readonly terms: readonly Term[];
      /** Units, one after the other. */ readonly to: readonly string[];
    }
  | { readonly type: 'search'; readonly folder: string; readonly sought: string }
  | { readonly type: 'unknown' }
);

/** Reads a task: sentences, each of them a question. */
export const readTask = (task: string): readonly Question[] => {
  const questions = (task.match(SENTENCE) ?? []).flatMap((sentence): readonly Question[] => {
    const text = sentence.replace(/^\s*(?:(?:and|then|also|please)\b[\s,]*)*/i, '').trim();
    return text === ''
      ? []
      : [readSearch(text) ?? readConversion(text) ?? readCalculation(text) ?? { type: 'unknown', text }];
  });
  return questions.length > 0 ? questions : [{ type: 'unknown', text: task.trim() }];
};

/** Up to a `.`, `?`, `!` or `;` before a space, or a line break; what stands in double quotes is whole, as is `..` in a path. */
const SENTENCE = /(?:"[^"\n]*"|[.?!;](?!\s|$)|(?<=[\s/]\.?)\.|[^.?!;\n"]|")+/g;

const SEARCHES: readonly RegExp[] = [
  /^(?:which|what) files?(?: (?:of|in|below|under) (?<folder>"[^"]+"|\S+))? (?:mention|contain|use|hold|name|say)s? (?<sought>.+)$/i,
  /^where(?: (?:in|below|under) (?<folder>"[^"]+"|\S+))? (?:is|are|stands) (?<sought>".+"|.+?)(?: (?:mentioned|used|found))?$/i,
  /^(?:search|look in) (?<folder>"[^"]+"|\S+) for (?<sought>.+)$/i,
  /^find (?<sought>".+"|.+) in (?<folder>"[^"]+"|\S+)$/i,
];

const readSearch = (text: string): Question | undefined => {
  for (const form of SEARCHES) {
    const { folder = '.', sought } = form.exec(text)?.groups ?? {};
    if (sought !== undefined) return { type: 'search', text, folder: unquoted(folder), sought: unquoted(sought) };
  }
  return undefined;
};

const unquoted = (text: string): string => /^"(.+)"$/.exec(text)?.[1] ?? text;

const CONVERSIONS: readonly RegExp[] = [
  /^how (?:many|much) (?<to>.+?) (?:are(?: there)? in|is in|are|is|make) (?<quantity>.+)$/i,
  /^(?:convert|turn|change) (?<quantity>.+?) (?:in)?to (?<to>.+)$/i,
  /^(?:what|how much) (?:is|are) (?<quantity>.+) (?:in|to) (?<to>.+)$/i,
];

const readConversion = (text: string): Question | undefined => {
  const [first = '', ...more] = text.split(/,?\s+(?:and\s+)?then\s+(?:(?:in)?to\s+|in\s+)?/i);
  for (const form of CONVERSIONS) {
    const { quantity, to } = form.exec(first)?.groups ?? {};
    const terms = quantity === undefined ? undefined : readQuantity(quantity);
    if (to !== undefined && terms !== undefined && isSum(terms))
      return { type: 'conversion', text, terms, to: [to, ...more].map(unitOf) };
  }
  return undefined;
};

/** Temperatures of different scales have no sum. */
const isSum = (terms: readonly Term[]): boolean =>
  terms.every(({ unit }) => unit === terms[0]?.unit || findUnit(unit)?.kind !== 'temperature');

const unitOf = (text: string): string => text.trim().replace(/^the /i, '');

const readCalculation = (text: string): Question | undefined => {
  const [, expression] = /^(?:calculate|compute|evaluate)\s+(.+)$/i.exec(text) ?? [];
  if (expression !== undefined) return { type: 'calculation', text, expression: plainNotation(expression) };
  const [, asked = text] = /^(?:what|how much) is\s+(.+)$/i.exec(text) ?? [];
  const plain = plainNotation(asked);
  const isExpression = /^[\d\s.e+*/^()-]+$/i.test(plain) && /\d/.test(plain);
  return isExpression ? { type: 'calculation', text, expression: plain } : undefined;
};
