/** An SVG element as text; attribute values and text are escaped, numbers rounded to hundredths. */
export const element = (
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly string[]
): string => {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escaped(value)}"`,
  );
  return children.length === 0
    ? `<${name}${written.join('')}/>`
    : `<${name}${written.join('')}>${children.join('')}</${name}>`;
};

/** A text element; what it says is escaped. */
export const text = (
  x: number,
  y: number,
  says: string,
  attributes: Readonly<Record<string, string | number>> = {},
): string => element('text', { x, y, ...attributes }, escaped(says));

/** Makes any text safe inside an element or an attribute, and drops what XML cannot hold. */
export const escaped = (says: string): string =>
  says.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Throws for what is not a number: a chart with NaN in it would be drawn without a word. */
export const rounded = (value: number): string => {
  if (!Number.isFinite(value)) throw new Error(`A coordinate is ${value}.`);
  return String(Math.round(value * 100) / 100 + 0);
};

/** How wide a text is in Helvetica or Arial, in pixels; a little more rather than less. */
export const textWidth = (says: string, size: number, weight: 'regular' | 'bold' = 'regular'): number => {
  let ems = 0;
  for (const character of says) ems += widths.find(([characters]) => characters.includes(character))?.[1] ?? 0.6;
  return ems * size * (weight === 'bold' ? 1.07 : 1.02);
};

const widths: readonly (readonly [characters: string, ems: number])[] = [
  ["ijl'’|", 0.222],
  [' .,:;ftI/!·', 0.278],
  ['r()-', 0.333],
  ['°', 0.4],
  ['cksvxyzJ', 0.5],
  ['abdeghnopquL0123456789–', 0.556],
  ['FTZ+−≥', 0.6],
  ['ABEKPSVXY', 0.667],
  ['CDHNRUw', 0.722],
  ['GOQ', 0.778],
  ['mM', 0.833],
  ['W', 0.944],
];
