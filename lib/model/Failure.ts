import * as t from 'io-ts';
import { Json, toJson } from './Json.js';
import { strict } from './strict.js';

/** An error as data: whatever was thrown, in a form that survives JSON. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: Failure;
  /** The error's own `data`, else its `code` as `{ code }`, or what was thrown where it was no error. */
  readonly data?: Json;
}

export const Failure: t.Type<Failure, Failure, unknown> = t.recursion('Failure', () =>
  strict<Failure>('Failure', { name: t.string, message: t.string }, { stack: t.string, cause: Failure, data: Json }),
);

const TEXT_MAX = 16_384;
const CAUSES_MAX = 8;

/** Turns anything thrown into a `Failure`. Never throws: getters that throw, cycles and non-errors are all fine. */
export const failureOf = (thrown: unknown, causes = CAUSES_MAX): Failure => {
  const read = (key: string): unknown => {
    try {
      return (thrown as Record<string, unknown>)[key];
    } catch {
      return undefined;
    }
  };
  if (typeof thrown !== 'object' || thrown === null)
    return Object.freeze({
      name: 'Error',
      message: text(thrown),
      ...(typeof thrown === 'string' ? {} : { data: dataOf(thrown) }),
    });
  const message = read('message');
  if (typeof message !== 'string') {
    const data = dataOf(thrown);
    return Object.freeze({
      name: 'Error',
      message: data === null ? text(thrown) : jsonText(data),
      data,
    });
  }
  const name = read('name');
  const stack = read('stack');
  const cause = read('cause');
  const code = read('code');
  const data = read('data') ?? (typeof code === 'string' || typeof code === 'number' ? { code } : undefined);
  return Object.freeze({
    name: typeof name === 'string' ? name.slice(0, 200) : 'Error',
    message: message.slice(0, TEXT_MAX),
    ...(typeof stack === 'string' ? { stack: stack.slice(0, TEXT_MAX) } : {}),
    ...(cause === undefined || causes <= 0 ? {} : { cause: failureOf(cause, causes - 1) }),
    ...(data === undefined ? {} : { data: dataOf(data) }),
  });
};

const text = (thrown: unknown): string => {
  try {
    return String(thrown).slice(0, TEXT_MAX);
  } catch {
    return 'an error without text';
  }
};

/** Data as a text of bounded length: the message of what was thrown and is no error. */
export const jsonText = (data: Json): string => {
  try {
    return JSON.stringify(data).slice(0, TEXT_MAX);
  } catch {
    return 'an error that is too large for a text'; // more than a string can hold
  }
};

const dataOf = (thrown: unknown): Json => {
  try {
    return toJson(thrown);
  } catch {
    return text(thrown);
  }
};
