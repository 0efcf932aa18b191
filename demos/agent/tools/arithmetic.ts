import { textArg } from './args.js';
import type { Tool } from './Tool.js';
import { ToolError } from './ToolError.js';

/** How deep parentheses, signs and powers may nest. */
export const DEPTH_MAX = 200;

/** Takes `expression`, gives its value. */
export const arithmetic: Tool = { name: 'arithmetic', run: (args) => evaluate(textArg(args, 'expression')) };

/**
 * Evaluates numbers (`3`, `3.5`, `.5`, `2e-3`), `+ - * / ^`, parentheses and the minus sign. `^` binds tightest and to the
 * right, then the sign (`-2^2` is -4), then `* /`, then `+ -`. Throws a `ToolError` that names the position, from 1.
 *
 *     sum     = product { ("+" | "-") product }
 *     product = signed { ("*" | "/") signed }
 *     signed  = "-" signed | power
 *     power   = atom [ "^" signed ]
 *     atom    = number | "(" sum ")"
 */
export const evaluate = (text: string): number => {
  let at = 0;
  let depth = 0;

  /** Takes one of these signs, if it comes next; gives its position. */
  const take = (sign: string): number | undefined => {
    while (/\s/.test(text.charAt(at))) at++;
    return text.charAt(at) === sign ? ++at : undefined;
  };
  const deeper = (position: number, parse: () => number): number => {
    if (++depth > DEPTH_MAX)
      throw new ToolError(`The expression nests deeper than ${DEPTH_MAX} levels at position ${position}.`);
    const value = parse();
    depth--;
    return value;
  };

  const sum = (): number => {
    let value = product();
    for (;;) {
      const plus = take('+');
      const minus = plus === undefined ? take('-') : undefined;
      if (plus !== undefined) value = finite(value + product(), '+', plus);
      else if (minus !== undefined) value = finite(value - product(), '-', minus);
      else return value;
    }
  };
  const product = (): number => {
    let value = signed();
    for (;;) {
      const times = take('*');
      const over = times === undefined ? take('/') : undefined;
      if (times !== undefined) value = finite(value * signed(), '*', times);
      else if (over !== undefined) value = finite(value / notZero(signed(), '/', over), '/', over);
      else return value;
    }
  };
  const signed = (): number => {
    const minus = take('-');
    return minus === undefined ? power() : -deeper(minus, signed);
  };
  const power = (): number => {
    const base = atom();
    const raised = take('^');
    if (raised === undefined) return base;
    const exponent = deeper(raised, signed);
    return finite((exponent < 0 ? notZero(base, '^', raised) : base) ** exponent, '^', raised);
  };
  const atom = (): number => {
    const open = take('(');
    if (open !== undefined) {
      const value = deeper(open, sum);
      if (take(')') !== undefined) return value;
      throw at < text.length
        ? unexpected(text, at, 'an operator')
        : new ToolError(`The parenthesis at position ${open} is never closed.`);
    }
    const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
    number.lastIndex = at;
    const [digits] = number.exec(text) ?? [];
    if (digits === undefined) throw unexpected(text, at, 'a number');
    at += digits.length;
    return finite(Number(digits), digits, at - digits.length + 1);
  };

  const value = sum();
  if (at < text.length) throw unexpected(text, at, 'an operator');
  return value;
};

const unexpected = (text: string, at: number, wanted: string): ToolError => {
  const found = text.codePointAt(at);
  return new ToolError(
    found === undefined
      ? `The expression ends where ${wanted} should follow, at position ${at + 1}.`
      : `There is ${JSON.stringify(String.fromCodePoint(found))} at position ${at + 1} where ${wanted} should be.`,
  );
};

const notZero = (value: number, sign: string, position: number): number => {
  if (value !== 0) return value;
  throw new ToolError(`The ${sign} at position ${position} divides by zero.`);
};

const finite = (value: number, sign: string, position: number): number => {
  if (Number.isFinite(value)) return value;
  const what = Number.isNaN(value) ? 'has no real result' : 'gives a number that is too large';
  throw new ToolError(`The ${sign.slice(0, 20)} at position ${position} ${what}.`);
};
