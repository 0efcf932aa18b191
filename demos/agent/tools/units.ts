/** What units measure; those of one kind can be converted into each other. */
export type Kind = 'length' | 'mass' | 'temperature' | 'time' | 'data';

/**
 * One unit: `value` of it are `(value + zero / 100) × times / over` of its kind's base unit. All three are whole, so that
 * a conversion is exact but for the last rounding.
 */
export interface Unit {
  readonly name: string;
  readonly kind: Kind;
  readonly times: number;
  readonly over: number;
  readonly zero: number;
}

/** Finds a unit by its symbol (case matters) or by its name, in singular or plural; undefined if there is none. */
export const findUnit = (text: string): Unit | undefined =>
  bySymbol.get(text.trim()) ??
  byName.get(
    text
      .trim()
      .toLowerCase()
      .replace(/^degrees? /, ''),
  );

/** The plural, `times`, `over`, the symbols, and other names in small letters. */
type Row = readonly [name: string, times: number, over: number, symbols: string, others: string, zero?: number];

const rows: Readonly<Record<Kind, readonly Row[]>> = {
  length: [
    ['millimetres', 1, 1_000, 'mm', 'millimetre millimeter millimeters'],
    ['centimetres', 1, 100, 'cm', 'centimetre centimeter centimeters'],
    ['metres', 1, 1, 'm', 'metre meter meters'],
    ['kilometres', 1_000, 1, 'km', 'kilometre kilometer kilometers'],
    ['inches', 254, 10_000, 'in', 'inch'],
    ['feet', 3_048, 10_000, 'ft', 'foot'],
    ['yards', 9_144, 10_000, 'yd', 'yard'],
    ['miles', 1_609_344, 1_000, 'mi', 'mile'],
    ['nautical miles', 1_852, 1, 'nmi', 'nautical_mile'],
  ],
  mass: [
    ['milligrams', 1, 1_000_000, 'mg', 'milligram'],
    ['grams', 1, 1_000, 'g', 'gram'],
    ['kilograms', 1, 1, 'kg', 'kilogram kilo kilos'],
    ['tonnes', 1_000, 1, 't', 'tonne'],
    ['ounces', 45_359_237, 1_600_000_000, 'oz', 'ounce'],
    ['pounds', 45_359_237, 100_000_000, 'lb', 'pound lbs'],
    ['stones', 45_359_237 * 14, 100_000_000, 'st', 'stone'],
  ],
  temperature: [
    ['kelvins', 1, 1, 'K', 'kelvin'],
    ['degrees Celsius', 1, 1, '°C', 'celsius centigrade', 27_315],
    ['degrees Fahrenheit', 5, 9, '°F', 'fahrenheit', 45_967],
  ],
  time: [
    ['milliseconds', 1, 1_000, 'ms', 'millisecond'],
    ['seconds', 1, 1, 's', 'second sec secs'],
    ['minutes', 60, 1, 'min', 'minute mins'],
    ['hours', 3_600, 1, 'h', 'hour'],
    ['days', 86_400, 1, 'd', 'day'],
    ['weeks', 604_800, 1, 'wk', 'week'],
  ],
  data: [
    ['bits', 1, 1, 'bit', ''],
    ['bytes', 8, 1, 'B', 'byte'],
    ['kilobytes', 8e3, 1, 'kB', 'kilobyte'],
    ['megabytes', 8e6, 1, 'MB', 'megabyte'],
    ['gigabytes', 8e9, 1, 'GB', 'gigabyte'],
    ['terabytes', 8e12, 1, 'TB', 'terabyte'],
    ['kibibytes', 8 * 2 ** 10, 1, 'KiB', 'kibibyte'],
    ['mebibytes', 8 * 2 ** 20, 1, 'MiB', 'mebibyte'],
    ['gibibytes', 8 * 2 ** 30, 1, 'GiB', 'gibibyte'],
    ['tebibytes', 8 * 2 ** 40, 1, 'TiB', 'tebibyte'],
  ],
};

const bySymbol = new Map<string, Unit>();
const byName = new Map<string, Unit>();
for (const kind of Object.keys(rows) as Kind[])
  for (const [name, times, over, symbols, others, zero = 0] of rows[kind]) {
    const unit: Unit = { name, kind, times, over, zero };
    for (const symbol of symbols.split(' ')) bySymbol.set(symbol, unit);
    const names = [name.replace(/^degrees /, '').toLowerCase(), ...others.split(' ')].filter((one) => one !== '');
    for (const one of names) byName.set(one.replaceAll('_', ' '), unit);
  }
