/** One part of a sum, such as `12 * 7` miles. */
export interface Term {
  /** Whether it is added or taken away. */
  readonly sign: '+' | '-';
  /** An expression without units. */
  readonly amount: string;
  readonly unit: string;
}

/** Words for signs, and signs that mean the same, as `arithmetic` takes them. */
export const plainNotation = (text: string): string =>
  text
    .replaceAll(/\bplus\b/gi, '+')
    .replaceAll(/\bminus\b/gi, '-')
    .replaceAll(/\b(?:times|multiplied by)\b/gi, '*')
    .replaceAll(/\bdivided by\b/gi, '/')
    .replaceAll(/\b(?:raised )?to the power of\b/gi, '^')
    .replaceAll(/[×·]/g, '*')
    .replaceAll('÷', '/')
    .replaceAll(/[−–]/g, '-')
    .replaceAll(/(?<![\d.])(\d{1,3}(?:,\d{3})+)(?![\d,])/g, (number) => number.replaceAll(',', ''))
    .trim();

/**
 * Reads a sum of quantities: `3.5 miles plus 12 * 7 miles`, `5 feet and 3 inches`, `a mile`. Each term has one unit,
 * outside parentheses. Undefined for anything else.
 */
export const readQuantity = (text: string): readonly Term[] | undefined => {
  const tokens = tokensOf(plainNotation(text.replaceAll(/\band\b/gi, '+').replaceAll(/\b(?:an?|one)\b/gi, '1')));
  if (tokens === undefined) return undefined;
  const terms: { readonly sign: '+' | '-'; readonly tokens: string[] }[] = [{ sign: '+', tokens: [] }];
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if (token === '(') depth++;
    if (token === ')') depth--;
    const isBetween = i > 0 && !/^[-+*/^(]$/.test(tokens[i - 1]!);
    if (depth === 0 && isBetween && (token === '+' || token === '-')) terms.push({ sign: token, tokens: [] });
    else terms.at(-1)!.tokens.push(token);
  }
  const read = terms.map((term) => readTerm(term.sign, term.tokens));
  return read.every((term) => term !== undefined) ? read : undefined;
};

const isWord = (token: string): boolean => /^[\p{L}°]/u.test(token);

/** Numbers, signs, and words; words in a row are one token. */
const tokensOf = (text: string): readonly string[] | undefined => {
  const token = /\s*((?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[\p{L}°]+(?:\s+[\p{L}°]+)*|[-+*/^()])\s*/iuy;
  const tokens: string[] = [];
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) return undefined;
    tokens.push(match[1]!);
  }
  return tokens;
};

const readTerm = (sign: '+' | '-', tokens: readonly string[]): Term | undefined => {
  const at = tokens.findIndex(isWord);
  if (at < 0 || tokens.findLastIndex(isWord) !== at) return undefined;
  const before = tokens.slice(0, at);
  if (
    before.length === 0 ||
    before.filter((token) => token === '(').length !== before.filter((token) => token === ')').length
  )
    return undefined;
  return { sign, amount: joined([...before, ...tokens.slice(at + 1)]), unit: tokens[at]! };
};

const joined = (tokens: readonly string[]): string => tokens.join(' ').replaceAll('( ', '(').replaceAll(' )', ')');
