import { toJson, type Json } from '../model/Json.js';
import { isLiteral, isRef, type InputValue } from '../model/Ref.js';
import { isFinal, type NodeStatus } from '../model/Status.js';
import { mapRefs } from '../plan/references.js';
import type { DrawnNode } from './drawnNodes.js';
import { drawnText } from './drawnText.js';

/** A node's label as Graphviz reads it: an HTML table of what the node is, what it gets and gives, and how it ended. */
export const dotLabel = ({ id, spec, state }: DrawnNode): string => {
  const rows = [
    '<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">',
    row(tagged('B', escaped(id)), '#E8E8E8'),
    row(`Action: ${escaped(spec.action || 'unknown')}`),
    ...section('Inputs', Object.entries(spec.inputs ?? {}), inputText),
    ...(state?.output === undefined
      ? section(
          'Outputs',
          (spec.outputs ?? []).map(({ name, description = '' }) => [name, description]),
          cut,
        )
      : section('Outputs', partsOf(state.output), jsonText)),
  ];
  if (state !== undefined) {
    rows.push(statusRow(state.status));
    if (isFinal(state.status) && state.endedAt !== undefined) rows.push(row(`Time: ${timeOfDay(state.endedAt)}`));
    if (state.error !== undefined)
      rows.push(row(`<FONT COLOR="red">Error: ${escaped(cut(state.error.message))}</FONT>`));
  }
  rows.push('</TABLE>');
  return rows.join('\n');
};

const row = (html: string, color?: string): string =>
  `<TR><TD${color === undefined ? '' : ` BGCOLOR="${color}"`}>${html}</TD></TR>`;

/** Graphviz refuses a tag around nothing. */
const tagged = (tag: 'B' | 'I', html: string): string => (html === '' ? '' : `<${tag}>${html}</${tag}>`);

const ROWS_MAX = 50;

/** A heading and a row for each entry, or nothing without any. */
const section = <V>(
  title: string,
  entries: readonly (readonly [string, V])[],
  textOf: (value: V) => string,
): readonly string[] => {
  if (entries.length === 0) return [];
  const rows = [row(`<B>${title}</B>`, '#E8F0FE')];
  for (const [key, value] of entries.slice(0, ROWS_MAX)) {
    const text = textOf(value);
    rows.push(row(`${tagged('I', escaped(cut(key)))}${text === '' ? '' : `: ${escaped(text)}`}`));
  }
  if (entries.length > ROWS_MAX) rows.push(row(`... and ${entries.length - ROWS_MAX} more`));
  return rows;
};

const partsOf = (output: Json): readonly (readonly [string, Json])[] =>
  typeof output === 'object' && output !== null && !Array.isArray(output)
    ? Object.entries(output)
    : [['value', output]];

const inputText = (value: InputValue): string => {
  if (isRef(value)) return cut(value.$ref);
  return jsonText(isLiteral(value) ? value.$literal : mapRefs(toJson(value), ({ $ref }) => $ref));
};

/** A value's JSON without the quotes or brackets around it. */
const jsonText = (value: Json): string => {
  const text = JSON.stringify(value);
  return cut('"[{'.includes(text[0]!) ? text.slice(1, -1) : text);
};

const LENGTH_MAX = 50;

/** At most 50 characters: of a longer text 47 and three dots. Counts code points, so that none is split. */
const cut = (text: string): string => {
  const points = Array.from(text.slice(0, 2 * (LENGTH_MAX + 1)));
  return points.length > LENGTH_MAX ? `${points.slice(0, LENGTH_MAX - 3).join('')}...` : text;
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\\': '\\\\', // Graphviz puts the graph's name in the place of \G, also here.
};

const escaped = (text: string): string => drawnText(text).replaceAll(/[&<>"'\\]/g, (sign) => entities[sign]!);

const statusRow = (status: NodeStatus): string =>
  status === 'succeeded'
    ? row('✓ Success', '#E6FFE6')
    : status === 'failed'
      ? row('✗ Failed', '#FFE6E6')
      : row(status, '#F0F0F0');

/** HH:MM:SS in UTC. */
const timeOfDay = (at: number): string => {
  const seconds = ((Math.floor(at / 1_000) % 86_400) + 86_400) % 86_400;
  return [seconds / 3_600, (seconds / 60) % 60, seconds % 60]
    .map((n) => String(Math.floor(n)).padStart(2, '0'))
    .join(':');
};
