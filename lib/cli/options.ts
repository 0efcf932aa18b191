import { InvalidArgumentError, Option } from 'commander';

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** An option that may be given several times. */
export const many = (flags: string, description: string): Option =>
  new Option(flags, `${description}; may be given several times`).argParser(collect);

/** Reads a whole number that is not too small. */
export const atLeast =
  (least: number) =>
  (text: string): number => {
    const number = Number(text);
    const isTooLarge = number > Number.MAX_SAFE_INTEGER;
    if (!/^\d+$/.test(text) || number < least || isTooLarge)
      throw new InvalidArgumentError(
        `Write a whole number from ${least}${isTooLarge ? ` to ${Number.MAX_SAFE_INTEGER}` : ''}.`,
      );
    return number;
  };
