import { writeSync } from 'node:fs';
import { fromYaml, showFileError, toYaml, type FileError } from '../../../lib/formats/yaml/index.js';
import { Graph } from '../../../lib/model/Graph.js';
import { jsonEquals, type Json } from '../../../lib/model/Json.js';
import { soupOf } from './soup.js';

// Reads random texts in a process that may die of it. usage: fuzz.worker.ts SEED COUNT

const [seed, count] = process.argv.slice(2).map(Number) as [number, number];
const tell = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const gc = (globalThis as { gc?: () => void }).gc!;
const heapMb = (): number => process.memoryUsage().heapUsed / 1e6;
const registry = { has: (name: string) => name !== 'nix', list: () => ['work', 'add_numbers'] };

const WARM = 500;
const MS_MAX = 50;
const STEERING = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u;

/** What is wrong with what is told of a text. */
const flawOf = (text: string, notes: readonly FileError[]): string | undefined => {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  for (const note of notes) {
    const line = lines[note.line - 1];
    const shown = showFileError(note);
    if (line === undefined) return `line ${note.line} of ${lines.length}`;
    if (!(note.column >= 1 && note.column <= Array.from(line).length + 1))
      return `column ${note.column} in ${note.line}`;
    if (note.message === '' || STEERING.test(note.message)) return `message ${JSON.stringify(note.message)}`;
    if (STEERING.test(shown.replaceAll('\n', ''))) return `shown ${JSON.stringify(shown)}`;
    if (shown.split('\n').length > 3) return `lines ${JSON.stringify(shown)}`;
    if (shown.length > 3_000) return `${shown.length} characters: ${shown.slice(0, 200)}`;
  }
  return undefined;
};

const cpuMs = (run: () => void): number => {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

const types: Record<string, number> = {};
let taken = 0;
let slowest = 0;
let start = 0;
let kept = 0;
const judge = (nth: number): string | undefined => {
  const text = soupOf(seed, nth);
  let result!: ReturnType<typeof fromYaml>;
  const read = (): void => void (result = fromYaml(text, { registry, file: 'f\u001b.yaml' }));
  let ms = cpuMs(read);
  for (let tries = 0; nth > WARM && tries < 5 && ms > MS_MAX; tries++) ms = Math.min(ms, cpuMs(read));
  if (nth > WARM) slowest = Math.max(slowest, ms);
  if (nth > WARM && ms > MS_MAX) return `${ms} ms`;
  if (result._tag === 'Left') {
    if (!result.left.some(({ severity }) => severity === 'error')) return 'no error is told';
    for (const { type } of result.left) types[type] = (types[type] ?? 0) + 1;
    return flawOf(text, result.left);
  }
  taken++;
  const { graph, warnings } = result.right;
  if (warnings.some(({ severity }) => severity !== 'warning')) return 'an error among the warnings';
  if (Graph.decode(graph)._tag === 'Left') return 'no graph is given';
  if (nth % 5 === 0) {
    const again = fromYaml(toYaml(graph), { registry });
    if (again._tag === 'Left') return `what is written is not read: ${again.left.map(showFileError).join('\n')}`;
    if (!jsonEquals(again.right.graph as unknown as Json, graph as unknown as Json))
      return 'what is written is read as something else';
  }
  return flawOf(text, warnings);
};

for (let nth = 0; nth < count; nth++) {
  if (nth % 50 === 0) tell({ at: nth });
  if (nth === WARM) {
    gc();
    start = heapMb();
  }
  let flaw: string | undefined;
  try {
    flaw = judge(nth);
  } catch (error) {
    flaw = `thrown: ${(error as Error)?.stack ?? String(error)}`;
  }
  if (flaw !== undefined) tell({ nth, flaw, text: soupOf(seed, nth) });
  if (nth > WARM && nth % 2_000 === 0) {
    gc();
    kept = Math.max(kept, heapMb() - start);
  }
}
tell({ done: count, taken, slowest, kept, types });
