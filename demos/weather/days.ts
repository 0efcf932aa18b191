/** One row of the file as it stands there, with its line number (the header is line 1). */
export type Row = { readonly line: number; readonly cells: Readonly<Record<string, string>> };

/** One day: rain in mm, temperatures in °C, the day's mean wind in m/s. */
export type Day = {
  readonly date: string;
  readonly rain: number;
  readonly max: number;
  readonly min: number;
  readonly wind: number;
  readonly weather: string;
};

export type Dropped = { readonly line: number; readonly reason: string };

/** The days that passed, in calendar order, what did not pass and why, and the dates that nothing tells about. */
export type Clean = {
  readonly days: readonly Day[];
  readonly years: readonly number[];
  readonly dropped: readonly Dropped[];
  readonly missing: readonly string[];
};

export const weatherLabels = ['sun', 'rain', 'drizzle', 'snow', 'fog'] as const;

const columns = ['date', 'precipitation', 'temp_max', 'temp_min', 'wind', 'weather'] as const;
const msPerDay = 86_400_000;

/** Splits the file into rows by its header. Throws if a column is missing; the file holds no quoted cells. */
export const parseRows = (text: string): readonly Row[] => {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const names = header.split(',').map((name) => name.trim());
  const absent = columns.filter((column) => !names.includes(column));
  if (absent.length > 0) throw new Error(`The file has no column "${absent.join('", "')}"; its header is "${header}".`);
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const cells = line.split(',');
    return [
      { line: index + 2, cells: Object.fromEntries(names.map((name, column) => [name, (cells[column] ?? '').trim()])) },
    ];
  });
};

/** Turns rows into days and drops, with the reason, each row that cannot be a day of weather. */
export const cleanRows = (rows: readonly Row[]): Clean => {
  const seen = new Set<string>();
  const days: Day[] = [];
  const dropped: Dropped[] = [];
  for (const row of rows) {
    const day = toDay(row);
    const reason = objection(day, row, seen);
    if (reason !== undefined) dropped.push({ line: row.line, reason });
    else {
      seen.add(day.date);
      days.push(day);
    }
  }
  days.sort((a, b) => (a.date < b.date ? -1 : 1));
  return { days, years: [...new Set(days.map(yearOf))], dropped, missing: missingDates(days) };
};

const toDay = ({ cells }: Row): Day => ({
  date: cells['date'] ?? '',
  rain: toNumber(cells['precipitation']),
  max: toNumber(cells['temp_max']),
  min: toNumber(cells['temp_min']),
  wind: toNumber(cells['wind']),
  weather: cells['weather'] ?? '',
});

const toNumber = (cell: string | undefined): number => (cell === undefined || cell === '' ? Number.NaN : Number(cell));

/** The first reason against a row, or undefined. */
const objection = (day: Day, { cells }: Row, seen: ReadonlySet<string>): string | undefined => {
  if (!isDate(day.date)) return `"${day.date}" is not a date`;
  if (seen.has(day.date)) return `${day.date} is there twice`;
  for (const [column, value, low, high] of [
    ['precipitation', day.rain, 0, 500],
    ['temp_max', day.max, -50, 60],
    ['temp_min', day.min, -50, 60],
    ['wind', day.wind, 0, 60],
  ] as const)
    if (!(value >= low && value <= high))
      return `${column} is "${cells[column] ?? ''}", not a number from ${low} to ${high}`;
  if (day.max < day.min) return `temp_max ${day.max} is below temp_min ${day.min}`;
  if (!weatherLabels.some((label) => label === day.weather)) return `weather is "${day.weather}"`;
  return undefined;
};

const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && dateOf(dayNumber(text)) === text;

const missingDates = (days: readonly Day[]): readonly string[] => {
  const missing: string[] = [];
  for (const [index, day] of days.entries()) {
    const before = days[index - 1];
    if (before !== undefined)
      for (let at = dayNumber(before.date) + 1; at < dayNumber(day.date); at++) missing.push(dateOf(at));
  }
  return missing;
};

/** Days since 1970-01-01. */
export const dayNumber = (date: string): number => Date.parse(date) / msPerDay;
export const dateOf = (number: number): string => new Date(number * msPerDay).toISOString().slice(0, 10);
export const yearOf = ({ date }: { readonly date: string }): number => Number(date.slice(0, 4));
/** 1 to 12. */
export const monthOf = ({ date }: { readonly date: string }): number => Number(date.slice(5, 7));

/** The number of slots in the calendar that all years share: 29 February has a place in each. */
export const SLOTS = 366;
/** The place of a day in the year, 0 to 365, the same in leap years and others. */
export const slotOf = ({ date }: { readonly date: string }): number =>
  dayNumber(`2012${date.slice(4)}`) - dayNumber('2012-01-01');
