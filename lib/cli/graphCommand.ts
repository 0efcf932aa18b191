import { graphJson } from '../formats/graphJson.js';
import { toDot } from '../formats/toDot.js';
import { toMermaid } from '../formats/toMermaid.js';
import { toSvg } from '../formats/toSvg.js';
import type { Graph } from '../index.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { readPipeline } from './readPipeline.js';
import type { Terminal } from './Terminal.js';

const writers = {
  dot: (graph, terminal) => terminal.out(`${toDot(graph).trimEnd()}\n`),
  mermaid: (graph, terminal) => terminal.out(`${toMermaid(graph).trimEnd()}\n`),
  svg: (graph, terminal) => terminal.out(toSvg(graph)),
  json: (graph, terminal) => terminal.json(graphJson(graph), 2),
} satisfies Readonly<Record<string, (graph: Graph, terminal: Terminal) => void>>;

export type GraphFormat = keyof typeof writers;

/** Writes a pipeline's graph for other tools. */
export const graphCommand = async (
  file: string,
  { format }: { readonly format: GraphFormat },
  terminal: Terminal,
): Promise<ExitCode> => {
  const { graph } = await readPipeline(file, {});
  writers[format](graph, terminal);
  return exitCode.success;
};
