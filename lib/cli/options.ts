import { InvalidArgumentError, Option, type Command } from 'commander';

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** An option that may be given several times. */
export const many = (flags: string, description: string): Option =>
  new Option(flags, `${description}; may be given several times`).argParser(collect);

const required = new WeakSet<Option>();

/** An option that has to be given. */
export const needed = (option: Option): Option => {
  required.add(option);
  return option;
};

/** Refuses a command that lacks such an option: after all else that may be wrong with it, an unknown option for one. */
export const checkNeeded = (command: Command): void => {
  for (const option of command.options)
    if (required.has(option) && command.getOptionValue(option.attributeName()) === undefined)
      command.error(`error: required option '${option.flags}' not specified`);
};

/** Where the Redis is that coordinators and workers share. */
export const redis = (): Option =>
  needed(new Option('--redis <url>', 'where Redis is: redis://user:password@host:port/db').env('RXDAG_REDIS'));

/** The seq of an event. */
export const seq = (text: string): number => {
  if (/^0+$/.test(text)) throw new InvalidArgumentError('Events are numbered from 1.');
  return atLeast(1)(text);
};

/** The number of a port; 0 is any that is free. */
export const port = (text: string): number => {
  const number = atLeast(0)(text);
  if (number > 65_535) throw new InvalidArgumentError('Ports are numbered up to 65535.');
  return number;
};

/** Whether a command shows its run in a page, */
export const viewer = (): Option => new Option('--viewer', 'show the run in a browser, at an address that is printed');

/** and at which port. */
export const viewerPort = (): Option =>
  new Option('--port <n>', 'where, instead of a port that is free').argParser(port).implies({ viewer: true });

/** An address to listen at; one of IPv6 may stand in brackets, as in a URL. */
export const host = (text: string): string => {
  const [, inside] = /^\[(.*:.*)\]$/.exec(text) ?? [];
  if (text.trim() === '') throw new InvalidArgumentError('Write an address of this machine, or leave it out.');
  return inside ?? text;
};

/** Days, or parts of one. */
export const days = (text: string): number => {
  if (!/^\d*\.?\d+$/.test(text)) throw new InvalidArgumentError('Write a number of days, such as 30 or 0.5.');
  return Number(text);
};

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
