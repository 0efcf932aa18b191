/** Control characters, line separators, lone surrogates, and what is not seen: marks that turn text round, soft hyphens, spaces without width; not what emoji are joined by. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]|(?!\u200d|\ufe0e|\ufe0f)\p{DI}/gu;

/** A text that is safe to show on one line of a terminal, and looks like no other one: the rest is written as `\u001b`. */
export const printable = (text: string): string =>
  text.replaceAll(UNPRINTABLE, (sign) => {
    const code = sign.codePointAt(0)!.toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
