import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import type { Graph } from '../model/Graph.js';
import { dotLabel } from './dotLabel.js';
import { drawnNodes } from './drawnNodes.js';
import { drawnText } from './drawnText.js';

/**
 * Draws a definition, or a run as it stands, for Graphviz, in Dagger's form: a table for each node, an edge for each
 * dependency. Nothing that users have written, in whatever characters, is taken for a part of the drawing.
 */
export const toDot = (source: Graph | ExecutorSnapshot): string => {
  const nodes = drawnNodes(source);
  const lines = [
    'digraph ExecutionFlow {',
    '  graph [rankdir=LR, nodesep=0.5, ranksep=1.0];',
    '  node [shape=box, style=rounded, fontname="Helvetica", width=1.5];',
    '  edge [fontsize=10];',
    '',
  ];
  const names = nodes.map(({ id }) => quoted(id));
  nodes.forEach((node, i) => {
    const status = node.state?.status;
    const color = status === 'succeeded' ? ' color=green,' : status === 'failed' ? ' color=red,' : '';
    lines.push(`  ${names[i]} [label=<${dotLabel(node)}>,${color} fontcolor=black];`);
  });
  lines.push('', '  // Edges');
  nodes.forEach(({ deps }, i) => {
    for (const dep of deps) lines.push(`  ${names[dep]} -> ${names[i]} [label="executed_after"];`);
  });
  lines.push('}', '');
  return lines.join('\n');
};

/** An id in quotes. A backslash is doubled before others come in, so that no two ids look the same. */
const quoted = (id: string): string => `"${drawnText(id.replaceAll(/["\\]/g, '\\$&'))}"`;
