import stringWidth from 'string-width';

const CHAR_WIDTH = 8.4;
const LINE_HEIGHT = 19;
const MARGIN = 14;
const ESCAPE = '\u001b';

const colours: Readonly<Record<number, string>> = {
  31: '#f28b82',
  32: '#81c995',
  33: '#fdd663',
  35: '#d7aefb',
  36: '#78d9ec',
};

interface Style {
  readonly colour: string;
  readonly bold: boolean;
  readonly dim: boolean;
}
const plain: Style = { colour: '#e8eaed', bold: false, dim: false };

/** Draws a screen as tmux captures it, with its colours, as an SVG picture. */
export const terminalSvg = (screen: string, columns: number, title: string): string => {
  const lines = screen.trimEnd().split('\n');
  const width = Math.ceil(columns * CHAR_WIDTH + 2 * MARGIN);
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const rows = lines.map((line, row) => {
    const y = MARGIN + row * LINE_HEIGHT + 14;
    return runsOf(line)
      .map(({ text, column, style }) => {
        const x = (MARGIN + column * CHAR_WIDTH).toFixed(1);
        const length = (stringWidth(text) * CHAR_WIDTH).toFixed(1);
        const look = `fill="${style.colour}"${style.bold ? ' font-weight="bold"' : ''}${style.dim ? ' opacity="0.6"' : ''}`;
        return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs" ${look}>${escapeXml(text)}</text>`;
      })
      .join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#202124"/>`,
    ...rows.filter((row) => row !== ''),
    '</svg>',
    '',
  ].join('\n');
};

interface Run {
  readonly text: string;
  readonly column: number;
  readonly style: Style;
}

/** The parts of a line that look alike; blanks between them are left out. */
const runsOf = (line: string): readonly Run[] => {
  const runs: Run[] = [];
  let style = plain;
  let column = 0;
  for (const part of line.split(new RegExp(`(${ESCAPE}\\[[\\d;]*m)`))) {
    if (part.startsWith(ESCAPE)) {
      for (const code of part.slice(2, -1).split(';').map(Number)) style = styled(style, code);
      continue;
    }
    const start = part.length - part.trimStart().length;
    if (part.trim() !== '') runs.push({ text: part.trim(), column: column + start, style });
    column += stringWidth(part);
  }
  return runs;
};

const styled = (style: Style, code: number): Style => {
  if (code === 0) return plain;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: plain.colour };
  return { ...style, colour: colours[code] ?? style.colour };
};

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
