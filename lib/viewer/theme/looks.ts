import { signs } from '../../formats/lookPalette.js';

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

const look = (name: keyof typeof signs, border: Look['border']): Look => ({
  name,
  label: name.replace('-', ' '),
  glyph: signs[name],
  border,
});

/** All looks, by their numbers. */
export const looks: readonly Look[] = [
  look('pending', 'solid'),
  look('ready', 'solid'),
  look('starting', 'dotted'),
  look('running', 'solid'),
  look('waiting', 'dotted'),
  look('retrying', 'dashed'),
  look('paused', 'double'),
  look('succeeded', 'solid'),
  look('cached', 'double'),
  look('failed', 'thick'),
  look('timed-out', 'dashed'),
  look('skipped', 'dashed'),
  look('cancelled', 'dotted'),
];

/** Whether a node with this look is at its end. */
export const isDone = (look: number): boolean => look >= SUCCEEDED && look < looks.length;

/** Whether a node with this look has ended as it should. */
export const isFine = (look: number): boolean => look === SUCCEEDED || look === CACHED || look === SKIPPED;
