/** How a state is shown: never by its hue alone. */
export interface Look {
  /** Names the CSS custom properties `--dag-<name>-fill`, `-line` and `-text`. */
  readonly name: string;
  readonly label: string;
  readonly glyph: string;
  readonly border: 'solid' | 'thick' | 'dashed' | 'double' | 'dotted';
}

export const PENDING = 0;
export const READY = 1;
export const STARTING = 2;
export const RUNNING = 3;
export const WAITING = 4;
export const RETRYING = 5;
export const PAUSED = 6;
export const SUCCEEDED = 7;
export const CACHED = 8;
export const FAILED = 9;
export const TIMED_OUT = 10;
export const SKIPPED = 11;
export const CANCELLED = 12;
/** A node that does not exist at the moment that is shown. */
export const GONE = 255;

/** All looks, by their numbers. */
export const looks: readonly Look[] = [
  { name: 'pending', label: 'pending', glyph: '○', border: 'solid' },
  { name: 'ready', label: 'ready', glyph: '◔', border: 'solid' },
  { name: 'starting', label: 'starting', glyph: '◑', border: 'dotted' },
  { name: 'running', label: 'running', glyph: '▶', border: 'solid' },
  { name: 'waiting', label: 'waiting', glyph: '…', border: 'dotted' },
  { name: 'retrying', label: 'retrying', glyph: '↻', border: 'dashed' },
  { name: 'paused', label: 'paused', glyph: 'Ⅱ', border: 'double' },
  { name: 'succeeded', label: 'succeeded', glyph: '✓', border: 'solid' },
  { name: 'cached', label: 'cached', glyph: '⧉', border: 'double' },
  { name: 'failed', label: 'failed', glyph: '✕', border: 'thick' },
  { name: 'timed-out', label: 'timed out', glyph: '⧖', border: 'dashed' },
  { name: 'skipped', label: 'skipped', glyph: '⤼', border: 'dashed' },
  { name: 'cancelled', label: 'cancelled', glyph: '⊘', border: 'dotted' },
];

/** Whether a node with this look is at its end. */
export const isDone = (look: number): boolean => look >= SUCCEEDED && look < looks.length;

/** Whether a node with this look has ended as it should. */
export const isFine = (look: number): boolean => look === SUCCEEDED || look === CACHED || look === SKIPPED;
