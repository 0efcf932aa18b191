import { compile, type NodeSpec } from '../../../lib/index.js';
import { toWfFormat } from '../../../lib/formats/wfformat/toWfFormat.js';

const IMAGES = 60;
/** Pictures of the sky overlap with the next ones. */
const NEIGHBOURS = [1, 2];

/** A trace in the shape of an image mosaic: each picture is projected, overlaps are compared, and all is put together. */
export const mosaic = (): string => {
  const numbers = Array.from({ length: IMAGES }, (_, i) => i);
  const two = (n: number): string => String(n).padStart(2, '0');
  const overlaps = numbers.flatMap((i) => NEIGHBOURS.map((by) => [i, i + by] as const)).filter(([, j]) => j < IMAGES);
  const nodes: NodeSpec[] = [
    ...numbers.map((i) => ({ id: `project_${two(i)}`, action: 'project', estimateMs: took(i, 12_000, 9_000) })),
    ...overlaps.map(([i, j]) => ({
      id: `diff_${two(i)}_${two(j)}`,
      action: 'diff',
      deps: [`project_${two(i)}`, `project_${two(j)}`],
      estimateMs: took(i * 7 + j, 6_000, 5_000),
    })),
  ];
  const diffs = nodes.slice(IMAGES).map(({ id }) => id!);
  nodes.push(
    { id: 'concat', action: 'concat', deps: diffs, estimateMs: 18_000 },
    { id: 'model', action: 'model', deps: ['concat'], estimateMs: 31_000 },
    ...numbers.map((i) => ({
      id: `background_${two(i)}`,
      action: 'background',
      deps: [`project_${two(i)}`, 'model'],
      estimateMs: took(i * 3, 9_000, 4_000),
    })),
    { id: 'table', action: 'table', deps: numbers.map((i) => `background_${two(i)}`), estimateMs: 7_000 },
    { id: 'add', action: 'add', deps: ['table'], estimateMs: 44_000 },
    { id: 'shrink', action: 'shrink', deps: ['add'], estimateMs: 12_000 },
    { id: 'picture', action: 'picture', deps: ['shrink'], estimateMs: 5_000 },
  );
  const plan = compile({ name: 'mosaic', nodes }, { has: () => true, list: () => [] });
  if (plan._tag === 'Left') throw new Error(plan.left[0]?.message);
  return JSON.stringify(toWfFormat(plan.right), null, 1);
};

/** A run time around a mean, always the same for the same number. */
const took = (n: number, meanMs: number, spreadMs: number): number =>
  Math.round(meanMs + spreadMs * Math.sin(n * 12.9898) * Math.cos(n * 4.1414));
