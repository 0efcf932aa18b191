import { writeSync } from 'node:fs';
import { fromYaml, showFileError } from '../../../lib/formats/yaml/index.js';
import { hostile } from './hostile.js';

// Reads every hostile file, one after the other, in a process that may die of it; tells about each in a line of its own.

/** What a file took and what was answered. */
export interface Reading {
  readonly name: string;
  readonly isTaken: boolean;
  readonly types: readonly string[];
  /** The first error, and the longest of all as a terminal shows it. */
  readonly first: string | undefined;
  readonly longest: number;
  /** CPU of the whole process, in milliseconds: the least of some tries. */
  readonly ms: number;
  /** What the heap had grown by right after it, in MB. */
  readonly heap: number;
  /** Whether `Object.prototype` is as it was. */
  readonly isClean: boolean;
}

const tell = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const gc = (globalThis as { gc?: () => void }).gc!;
const heapMb = (): number => process.memoryUsage().heapUsed / 1e6;
const properties = Object.getOwnPropertyNames(Object.prototype).length;

const small = hostile
  .filter(({ maxMs }) => maxMs === undefined)
  .map(({ text, options }) => ({ text: text(), options }));
for (let round = 0; round < 10; round++)
  for (const { text, options } of small) if (text.length <= 4_096) fromYaml(text, options);

gc();
const start = heapMb();
for (const { name, text: textOf, options, maxMs = 50 } of hostile) {
  tell({ at: name });
  const text = textOf();
  let ms = Infinity;
  let told: Omit<Reading, 'ms' | 'name' | 'isClean'> | undefined;
  gc();
  const before = heapMb();
  // A collection throws machine code away, so the later tries do without.
  for (let tries = 0; tries < 8 && ms >= maxMs; tries++) {
    const cpu = process.cpuUsage();
    const result = fromYaml(text, options);
    const { user, system } = process.cpuUsage(cpu);
    ms = Math.min(ms, (user + system) / 1_000);
    if (told !== undefined) continue;
    const heap = heapMb() - before;
    const notes = result._tag === 'Left' ? result.left : result.right.warnings;
    told = {
      isTaken: result._tag === 'Right',
      types: [...new Set(notes.map(({ type }) => type))],
      first: notes[0] && showFileError(notes[0]),
      longest: Math.max(0, ...notes.map((note) => showFileError(note).length)),
      heap,
    };
  }
  const isClean =
    Object.getOwnPropertyNames(Object.prototype).length === properties &&
    !('polluted' in {}) &&
    Error.stackTraceLimit > 0;
  tell({ name, ms, isClean, ...told });
}
gc();
tell({ kept: heapMb() - start });
