import { numberArg, textArg } from './args.js';
import type { Tool } from './Tool.js';
import { ToolError } from './ToolError.js';
import { findUnit, type Unit } from './units.js';

/** Takes `value`, `from` and `to`, gives the value in `to`. */
export const unitConversion: Tool = {
  name: 'unit_conversion',
  run: (args) => convert(numberArg(args, 'value'), textArg(args, 'from'), textArg(args, 'to')),
};

/** Converts between units of length, mass, temperature, time or data. Throws a `ToolError` for what can't be converted. */
export const convert = (value: number, from: string, to: string): number => {
  const [source, target] = [unitOf(from), unitOf(to)];
  if (source.kind !== target.kind)
    throw new ToolError(
      `${capital(source.name)} measure ${source.kind} and ${target.name} measure ${target.kind}, so one can't be converted into the other.`,
    );
  const result =
    source.kind === 'temperature'
      ? convertTemperature(value, source, target)
      : (value * (source.times * target.over)) / (source.over * target.times);
  if (!Number.isFinite(result)) throw new ToolError(`${value} ${source.name} are too many to be converted.`);
  return result;
};

/** In hundredths, so that 273.15 and 459.67 are whole. */
const convertTemperature = (value: number, source: Unit, target: Unit): number => {
  const aboveZero = ((value * 100 + source.zero) * source.times) / source.over;
  if (aboveZero < 0) throw new ToolError(`${value} ${source.name} are below absolute zero.`);
  return ((aboveZero * target.over) / target.times - target.zero) / 100;
};

const unitOf = (text: string): Unit => {
  const unit = findUnit(text);
  if (unit !== undefined) return unit;
  throw new ToolError(
    `The unit ${JSON.stringify(text.slice(0, 50))} is unknown; units of length, mass, temperature, time and data are known.`,
  );
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
