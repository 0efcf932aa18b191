/** The last of many errors, which tells how many are not shown. */
export const moreErrors = (count: number): string =>
  `There ${count === 1 ? 'is 1 more error' : `are ${count} more errors`}; mend these first.`;

/** How many errors a message of `moreErrors` tells of; 0 for any other. */
export const moreErrorsIn = (message: string): number =>
  Number(/^There (?:is|are) (\d+) more errors?; mend these first\.$/.exec(message)?.[1] ?? 0);
