import type { Json, Plan } from '../index.js';
import { show } from '../model/explain.js';
import { setOwn, toJson } from '../model/Json.js';
import { didYouMean } from '../model/nearest.js';
import { printable } from '../model/printable.js';
import { neededInputs } from '../plan/neededInputs.js';
import { counted } from './eventLine.js';
import { readText } from './readText.js';
import { UsageError } from './UsageError.js';

/** `key=value`: the value is JSON where it can be read as such, else the text itself. */
export const parsePair = (text: string, option: string): readonly [key: string, value: Json] => {
  const at = text.indexOf('=');
  if (at < 1)
    throw new UsageError(`${option} ${show(text)} has no ${at === 0 ? 'name' : 'value'}; write ${option} name=value.`);
  return [text.slice(0, at), parseValue(text.slice(at + 1))];
};

/** A value that somebody typed: JSON where it can be read as such without loss, else the text itself. */
export const parseValue = (text: string): Json => {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'number' && /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? text : value;
  } catch {
    return text;
  }
};

/** Why a value that was typed can't be taken: JSON lets one write numbers that it can't hold. */
export const faultOf = (value: Json): string | undefined => {
  try {
    toJson(value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

/** The run's inputs: those of the files, then the single ones over them. */
export const inputsFrom = async (
  pairs: readonly string[],
  files: readonly string[],
): Promise<Readonly<Record<string, Json>>> => {
  const inputs: Record<string, Json> = {};
  for (const file of files) {
    let read: unknown;
    try {
      read = JSON.parse(await readText(file));
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`The file ${printable(file)} is not JSON: ${printable((error as Error).message)}.`);
    }
    if (typeof read !== 'object' || read === null || Array.isArray(read))
      throw new UsageError(
        `The file ${printable(file)} holds ${show(read)}; --inputs takes an object of inputs by name.`,
      );
    for (const [key, value] of Object.entries(read)) setOwn(inputs, key, value as Json);
  }
  for (const pair of pairs) setOwn(inputs, ...parsePair(pair, '--input'));
  return inputs;
};

/** Of those that are missing, and of those that none wants. */
const SHOWN_MAX = 20;

/**
 * Throws a `UsageError` for inputs that nodes refer to and nobody has given; gives a warning for each that none wants, of
 * many for the first ones.
 */
export const checkInputs = (plan: Plan, inputs: Readonly<Record<string, Json>>): readonly string[] => {
  const wanted = new Map<string, string>();
  let takesAll = false;
  for (const { text, name, node } of neededInputs(plan)) {
    const meant = Object.hasOwn(inputs, text) ? text : name;
    if (meant === undefined) takesAll = true;
    else if (!wanted.has(meant)) wanted.set(meant, node);
  }
  const missing = [...wanted].filter(([name]) => !Object.hasOwn(inputs, name));
  const idle = Object.keys(inputs).filter((name) => !wanted.has(name));
  if (missing.length > 0)
    throw new UsageError(
      [
        ...missing
          .slice(0, SHOWN_MAX)
          .map(
            ([name, node]) =>
              `The input ${show(name)} is missing, which node ${show(node)} needs; give --input ${printable(name)}=VALUE${didYouMean(name, idle).replace('; did you mean', ', or did you mean it by') || '.'}`,
          ),
        ...(missing.length > SHOWN_MAX ? [`and ${counted(missing.length - SHOWN_MAX, 'more missing input')}.`] : []),
      ].join('\n'),
    );
  if (takesAll) return [];
  return [
    ...idle
      .slice(0, SHOWN_MAX)
      .map((name) => `No node refers to the input ${show(name)}${didYouMean(name, wanted.keys()) || '.'}`),
    ...(idle.length > SHOWN_MAX ? [`No node refers to ${counted(idle.length - SHOWN_MAX, 'more input')}.`] : []),
  ];
};
