/** Fill, line and text of each look, after Okabe and Ito, who chose their hues for all eyes; `plain` is that of a definition. */
export type Palette = Readonly<Record<string, readonly [fill: string, line: string, text: string]>>;

/** On white. */
export const light: Palette = {
  plain: ['#ffffff', '#7b8794', '#1c2128'],
  pending: ['#f3f4f6', '#6b7280', '#374151'],
  ready: ['#e3f2fd', '#2f7fb5', '#1b4965'],
  starting: ['#d6eafa', '#0072b2', '#0b3d5c'],
  running: ['#c4e2f6', '#0072b2', '#06304a'],
  waiting: ['#f0eefb', '#6a5fb0', '#3b3370'],
  retrying: ['#ffedc8', '#a86e00', '#5c3d00'],
  paused: ['#f9e4f0', '#a8487f', '#6b2350'],
  succeeded: ['#d5f2e6', '#00795a', '#00432f'],
  cached: ['#ffffff', '#00795a', '#00432f'],
  failed: ['#ffddcc', '#c24a00', '#6e2a00'],
  'timed-out': ['#ffe9dc', '#c24a00', '#6e2a00'],
  skipped: ['#f7f7f8', '#858b95', '#525966'],
  cancelled: ['#dcdee2', '#3f4651', '#23272e'],
};

/** On black. */
export const dark: Palette = {
  plain: ['#20262e', '#7f8b99', '#e4e8ee'],
  pending: ['#262b33', '#8b94a3', '#c6cdd8'],
  ready: ['#1d3446', '#6cb6e4', '#cfe8f8'],
  starting: ['#173a52', '#4aa8e0', '#cfe8f8'],
  running: ['#0d4468', '#56b4e9', '#e6f4fd'],
  waiting: ['#2d2a4a', '#a79df0', '#ddd9fb'],
  retrying: ['#453410', '#e69f00', '#ffe2a8'],
  paused: ['#452339', '#e08dbb', '#f8d9e9'],
  succeeded: ['#10402f', '#2fc197', '#c5f3e2'],
  cached: ['#171b21', '#2fc197', '#c5f3e2'],
  failed: ['#52230c', '#ff7a33', '#ffd9c2'],
  'timed-out': ['#3a2116', '#ff7a33', '#ffd9c2'],
  skipped: ['#20242b', '#7f8896', '#b3bac5'],
  cancelled: ['#30353d', '#c3cad5', '#e6e9ee'],
};

/** The sign of each look: a state is never told by its colour alone. Each is one that common fonts have. */
export const signs = {
  pending: '○',
  ready: '◔',
  starting: '◑',
  running: '▶',
  waiting: '…',
  retrying: '↻',
  paused: 'Ⅱ',
  succeeded: '✓',
  cached: '❐',
  failed: '✕',
  'timed-out': '◷',
  skipped: '↷',
  cancelled: '⊘',
} as const;
