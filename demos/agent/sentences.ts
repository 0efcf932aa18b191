import type { Json } from '../../lib/index.js';
import { quoted } from './quoted.js';
import type { Question } from './questions.js';
import type { Found, Progress } from './Step.js';
import type { MalformedCall } from './toolCalls.js';
import type { Matches } from './tools/fileSearch.js';

/** Answers one question in a sentence, from what the tools have found for it; each finding is cited by its node. */
export const answerTo = (question: Question, { found }: Progress): string => {
  const refused = found.find(({ error }) => error !== undefined);
  if (refused !== undefined)
    return `${quoted(question.text)} can't be answered; ${refused.tool_name} says${ofWhat(refused)} [${refused.node}]: ${refused.error ?? ''}`;
  const parts = found.map((finding) => `${told(finding)} [${finding.node}]`);
  return `${[parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter((part) => part !== '').join(', and ')}.`;
};

/** Positions in an error are those in the expression that the tool was given. */
const ofWhat = ({ tool_name, args }: Found): string =>
  tool_name === 'arithmetic' ? ` of ${quoted(args['expression'] ?? null)}` : '';

const told = ({ tool_name, args, result, unit = '' }: Found): string => {
  switch (tool_name) {
    case 'arithmetic':
      return `${words(args['expression'])} is ${number(result)} ${unit}`.trim();
    case 'unit_conversion':
      return `${number(args['value'])} ${words(args['from'])} ${args['value'] === 1 ? 'is' : 'are'} ${number(result)} ${words(args['to'])}`;
    default:
      return toldSearch(words(args['text']), words(args['folder']), result as unknown as Matches);
  }
};

const toldSearch = (text: string, folder: string, { matches, lines, files, unreadable }: Matches): string => {
  const where = folder === '.' ? 'here' : `of ${folder}`;
  const without = unreadable === 0 ? '' : ` (${plural(unreadable, 'file')} could not be read)`;
  if (lines === 0) return `no file ${where} mentions ${quoted(text)}${without}`;
  const listed = matches.length < lines ? `, the first ${matches.length} of them ` : ': ';
  return `${plural(files, 'file')} ${where} ${files === 1 ? 'mentions' : 'mention'} ${quoted(text)}, on ${plural(lines, 'line')}${listed}${byFile(matches).join(', ')}${without}`;
};

/** `a.ts:1`, `a.ts:5`, `b.ts:2` as `a.ts:1,5`, `b.ts:2`. */
const byFile = (matches: readonly string[]): readonly string[] => {
  const lines = new Map<string, string[]>();
  for (const match of matches) {
    const at = match.lastIndexOf(':');
    const file = match.slice(0, at);
    lines.set(file, [...(lines.get(file) ?? []), match.slice(at + 1)]);
  }
  return [...lines].map(([file, numbers]) => `${file}:${numbers.join(',')}`);
};

/** Says that a question was not understood. */
export const notUnderstood = ({ text }: Question): string => `I don't understand ${quoted(text)}.`;

/** Owns up to what this is, and what it can do. */
export const abilities =
  'I am no language model but a few fixed rules that stand in for one: ask me to calculate ("What is 2 * (3 + 4)?"), to convert ' +
  '("How many metres are 3 miles plus 500 yards?", "Convert 20 celsius to kelvin, then to fahrenheit.") or to search text files ' +
  '("Which files of lib mention mergeMap?").';

/** Owns up to calls that nobody could carry out. */
export const toldMalformed = (malformed: readonly MalformedCall[]): string =>
  `${plural(malformed.length, 'tool call')} of mine ${malformed.length === 1 ? 'was' : 'were'} malformed and left out: ${malformed.map(({ reason }) => reason).join(', ')}.`;

const words = (value: Json | undefined): string => (typeof value === 'string' ? value : quoted(value ?? null));

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** Twelve digits: what lies behind them is mere rounding. */
const number = (value: unknown): string => String(Number(Number(value).toPrecision(12)));
