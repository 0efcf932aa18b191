import type { Args } from './Tool.js';
import { ToolError } from './ToolError.js';

/** The argument of this name, a text. */
export const textArg = (args: Args, name: string): string => {
  const value = Object.hasOwn(args, name) ? args[name] : undefined;
  if (typeof value === 'string') return value;
  throw new ToolError(`The argument "${name}" must be a text.`);
};

/** The argument of this name, a number. */
export const numberArg = (args: Args, name: string): number => {
  const value = Object.hasOwn(args, name) ? args[name] : undefined;
  if (typeof value === 'number') return value;
  throw new ToolError(`The argument "${name}" must be a number.`);
};
