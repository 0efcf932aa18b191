import { graphJson } from '../formats/graphJson.js';
import { toDot } from '../formats/toDot.js';
import { toMermaid } from '../formats/toMermaid.js';
import type { Graph } from '../index.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { readPipeline } from './readPipeline.js';
import type { Terminal } from './Terminal.js';

const writers = {
  dot: toDot,
  mermaid: toMermaid,
  json: (graph: Graph) => JSON.stringify(graphJson(graph), null, 2),
} satisfies Readonly<Record<string, (graph: Graph) => string>>;

export type GraphFormat = keyof typeof writers;

/** Writes a pipeline's graph for other tools. */
export const graphCommand = async (
  file: string,
  { format }: { readonly format: GraphFormat },
  terminal: Terminal,
): Promise<ExitCode> => {
  const { graph } = await readPipeline(file, {});
  terminal.out(`${writers[format](graph).trimEnd()}\n`);
  return exitCode.success;
};
