import { looks } from './looks.js';

/** Fill, line and text of each look, in the order of `looks`; hues after Okabe and Ito, who chose them for all eyes. */
type Palette = readonly (readonly [fill: string, line: string, text: string])[];

const light: Palette = [
  ['#f3f4f6', '#6b7280', '#374151'],
  ['#e3f2fd', '#2f7fb5', '#1b4965'],
  ['#d6eafa', '#0072b2', '#0b3d5c'],
  ['#c4e2f6', '#0072b2', '#06304a'],
  ['#f0eefb', '#6a5fb0', '#3b3370'],
  ['#ffedc8', '#a86e00', '#5c3d00'],
  ['#f9e4f0', '#a8487f', '#6b2350'],
  ['#d5f2e6', '#00795a', '#00432f'],
  ['#ffffff', '#00795a', '#00432f'],
  ['#ffddcc', '#c24a00', '#6e2a00'],
  ['#ffe9dc', '#c24a00', '#6e2a00'],
  ['#f7f7f8', '#858b95', '#525966'],
  ['#dcdee2', '#3f4651', '#23272e'],
];

const dark: Palette = [
  ['#262b33', '#8b94a3', '#c6cdd8'],
  ['#1d3446', '#6cb6e4', '#cfe8f8'],
  ['#173a52', '#4aa8e0', '#cfe8f8'],
  ['#0d4468', '#56b4e9', '#e6f4fd'],
  ['#2d2a4a', '#a79df0', '#ddd9fb'],
  ['#453410', '#e69f00', '#ffe2a8'],
  ['#452339', '#e08dbb', '#f8d9e9'],
  ['#10402f', '#2fc197', '#c5f3e2'],
  ['#171b21', '#2fc197', '#c5f3e2'],
  ['#52230c', '#ff7a33', '#ffd9c2'],
  ['#3a2116', '#ff7a33', '#ffd9c2'],
  ['#20242b', '#7f8896', '#b3bac5'],
  ['#30353d', '#c3cad5', '#e6e9ee'],
];

const contrast: Palette = [
  ['#ffffff', '#000000', '#000000'],
  ['#ffffff', '#003a75', '#000000'],
  ['#ffffff', '#003a75', '#000000'],
  ['#cfe6ff', '#00295c', '#000000'],
  ['#ffffff', '#2b1b8c', '#000000'],
  ['#fff2cc', '#6b4100', '#000000'],
  ['#ffe6f4', '#7a0050', '#000000'],
  ['#d9ffe9', '#004a2b', '#000000'],
  ['#ffffff', '#004a2b', '#000000'],
  ['#ffe0d6', '#8a1c00', '#000000'],
  ['#ffffff', '#8a1c00', '#000000'],
  ['#ffffff', '#333333', '#000000'],
  ['#dddddd', '#000000', '#000000'],
];

const tokens = (palette: Palette, rest: Readonly<Record<string, string>>): string =>
  [
    ...palette.flatMap(([fill, line, text], look) => {
      const { name } = looks[look]!;
      return [`--dag-${name}-fill:${fill}`, `--dag-${name}-line:${line}`, `--dag-${name}-text:${text}`];
    }),
    ...Object.entries(rest).map(([name, value]) => `--dag-${name}:${value}`),
  ].join(';');

const lightTokens = tokens(light, {
  bg: '#f6f7f9',
  surface: '#ffffff',
  text: '#1c2128',
  muted: '#596270',
  line: '#d5dae1',
  accent: '#0067a3',
  focus: '#0b6bcb',
  edge: '#98a2b0',
  critical: '#b3261e',
});

const darkTokens = tokens(dark, {
  bg: '#101317',
  surface: '#171b21',
  text: '#e4e8ee',
  muted: '#9aa4b2',
  line: '#2c333d',
  accent: '#6cb6ff',
  focus: '#7cc0ff',
  edge: '#5b6675',
  critical: '#ff8a80',
});

const contrastTokens = tokens(contrast, {
  bg: '#ffffff',
  surface: '#ffffff',
  text: '#000000',
  muted: '#1f1f1f',
  line: '#000000',
  accent: '#003a75',
  focus: '#b00000',
  edge: '#333333',
  critical: '#b00000',
});

/** The tokens of all themes, for the document; what a theme is called stands in its `data-theme`. */
export const themeText = `
:root{color-scheme:light;${lightTokens}}
@media (prefers-color-scheme:dark){:root:not([data-theme]){color-scheme:dark;${darkTokens}}}
@media (prefers-contrast:more){:root:not([data-theme]){color-scheme:light;${contrastTokens}}}
:root[data-theme=dark]{color-scheme:dark;${darkTokens}}
:root[data-theme=light]{color-scheme:light;${lightTokens}}
:root[data-theme=contrast]{color-scheme:light;${contrastTokens}}
`;

/** What each element's shadow tree begins with. */
const baseText = `
:host{box-sizing:border-box;color:var(--dag-text);background:var(--dag-surface);font:13px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
:host([hidden]){display:none}
*,::before,::after{box-sizing:inherit}
:focus-visible{outline:2px solid var(--dag-focus);outline-offset:1px}
button,input,select,textarea{font:inherit;color:inherit}
.sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (prefers-reduced-motion:reduce){*,::before,::after{animation:none!important;transition:none!important}}
`;

const sheetOf = (text: string): CSSStyleSheet => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
};

let base: CSSStyleSheet | undefined;
/** The sheet that each element's shadow tree begins with; the first use puts the themes' tokens on the document. */
export const baseSheet = (): CSSStyleSheet => {
  if (base === undefined) {
    base = sheetOf(baseText);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheetOf(themeText)];
  }
  return base;
};

/** An element's own sheet. */
export const ownSheet = sheetOf;
