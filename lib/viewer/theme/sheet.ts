import { dark, light, type Palette } from '../../formats/lookPalette.js';
import { looks } from './looks.js';

const contrast: Palette = {
  pending: ['#ffffff', '#000000', '#000000'],
  ready: ['#ffffff', '#003a75', '#000000'],
  starting: ['#ffffff', '#003a75', '#000000'],
  running: ['#cfe6ff', '#00295c', '#000000'],
  waiting: ['#ffffff', '#2b1b8c', '#000000'],
  retrying: ['#fff2cc', '#6b4100', '#000000'],
  paused: ['#ffe6f4', '#7a0050', '#000000'],
  succeeded: ['#d9ffe9', '#004a2b', '#000000'],
  cached: ['#ffffff', '#004a2b', '#000000'],
  failed: ['#ffe0d6', '#8a1c00', '#000000'],
  'timed-out': ['#ffffff', '#8a1c00', '#000000'],
  skipped: ['#ffffff', '#333333', '#000000'],
  cancelled: ['#dddddd', '#000000', '#000000'],
};

const darkContrast: Palette = {
  pending: ['#000000', '#ffffff', '#ffffff'],
  ready: ['#000000', '#8fd0ff', '#ffffff'],
  starting: ['#000000', '#8fd0ff', '#ffffff'],
  running: ['#002647', '#8fd0ff', '#ffffff'],
  waiting: ['#000000', '#cdbdff', '#ffffff'],
  retrying: ['#332300', '#ffc861', '#ffffff'],
  paused: ['#36001f', '#ff9ed6', '#ffffff'],
  succeeded: ['#002e1b', '#5dffb0', '#ffffff'],
  cached: ['#000000', '#5dffb0', '#ffffff'],
  failed: ['#3d1000', '#ffab91', '#ffffff'],
  'timed-out': ['#000000', '#ffab91', '#ffffff'],
  skipped: ['#000000', '#d0d0d0', '#ffffff'],
  cancelled: ['#333333', '#ffffff', '#ffffff'],
};

const tokens = (palette: Palette, rest: Readonly<Record<string, string>>): string =>
  [
    ...looks.flatMap(({ name }) => {
      const [fill, line, text] = palette[name]!;
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
  edge: '#707b8b',
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
  edge: '#667283',
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

const darkContrastTokens = tokens(darkContrast, {
  bg: '#000000',
  surface: '#000000',
  text: '#ffffff',
  muted: '#e6e6e6',
  line: '#ffffff',
  accent: '#8fd0ff',
  focus: '#ffd84d',
  edge: '#cccccc',
  critical: '#ff9d9d',
});

/** What is set in each theme; that of high contrast is light or dark as the system is. */
export const themes = {
  light: `color-scheme:light;${lightTokens}`,
  dark: `color-scheme:dark;${darkTokens}`,
  contrast: `color-scheme:light;${contrastTokens}`,
  'dark contrast': `color-scheme:dark;${darkContrastTokens}`,
} as const;

/** The tokens of all themes, for the document; what a theme is called stands in its `data-theme`. */
export const themeText = `
:root{${themes.light}}
@media (prefers-color-scheme:dark){:root:not([data-theme]){${themes.dark}}}
:root[data-theme=dark]{${themes.dark}}
:root[data-theme=light]{${themes.light}}
:root[data-theme=contrast]{${themes.contrast}}
@media (prefers-contrast:more){:root:not([data-theme]){${themes.contrast}}}
@media (prefers-color-scheme:dark){:root[data-theme=contrast]{${themes['dark contrast']}}}
@media (prefers-color-scheme:dark) and (prefers-contrast:more){:root:not([data-theme]){${themes['dark contrast']}}}
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
