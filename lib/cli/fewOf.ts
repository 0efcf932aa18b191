const SHOWN = 3;

/** Names as a list of three at most, and how many more there are. */
export const fewOf = (names: readonly string[]): string =>
  names.length <= SHOWN
    ? names.join(', ')
    : `${names.slice(0, SHOWN).join(', ')} and ${(names.length - SHOWN).toLocaleString('en-US')} more`;
