import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import type { Graph } from '../model/Graph.js';
import { nodeStatuses, type NodeStatus } from '../model/Status.js';
import { drawnNodes, type DrawnNode } from './drawnNodes.js';
import { drawnText } from './drawnText.js';
import { actionText, kindsOf } from './nodeKinds.js';

/**
 * Draws a definition, or a run as it stands, as a Mermaid flowchart: branches as subgraphs, statuses as classes. Mermaid
 * itself refuses more than 500 edges or 50,000 characters unless it is configured to take more.
 */
export const toMermaid = (source: Graph | ExecutorSnapshot): string => {
  const nodes = drawnNodes(source);
  const lines = ['flowchart LR'];
  const branches = new Map<string, string[]>();
  nodes.forEach((node, i) => {
    const { branch } = node.spec;
    const line = `n${i}["${labelOf(node)}"]`;
    if (branch === undefined) lines.push(`  ${line}`);
    else if (branches.has(branch)) branches.get(branch)!.push(line);
    else branches.set(branch, [line]);
  });
  let count = 0;
  for (const [branch, members] of branches) {
    lines.push(`  subgraph b${count++}["${escaped(branch) || ' '}"]`); // Mermaid takes no empty label
    for (const line of members) lines.push(`    ${line}`);
    lines.push('  end');
  }
  nodes.forEach(({ deps }, i) => {
    for (const dep of deps) lines.push(`  n${dep} --> n${i}`);
  });
  const used = new Set(nodes.map(({ state }) => state?.status));
  for (const status of nodeStatuses) if (used.has(status)) lines.push(`  classDef ${status} ${styles[status]}`);
  nodes.forEach(({ state }, i) => {
    if (state !== undefined) lines.push(`  class n${i} ${state.status}`);
  });
  lines.push('');
  return lines.join('\n');
};

const labelOf = ({ id, spec }: DrawnNode): string => `${escaped(id)}<br/>${escaped(actionText(spec, kindsOf(spec)))}`;

/**
 * Any text as entity codes: all but letters, digits, spaces, and `-` and `_` inside a word. Mermaid reads its source in
 * several passes (directives, styles, entities, Markdown, HTML, icons, formulas), and this leaves none of them a sign.
 */
const escaped = (text: string): string =>
  drawnText(text).replaceAll(
    /(?<=[\p{L}\p{N}])[-_](?=[\p{L}\p{N}])|([^\p{L}\p{N} ])/gu,
    (sign, special: string | undefined) => (special === undefined ? sign : (named[sign] ?? `#${sign.codePointAt(0)};`)),
  );

const named: Readonly<Record<string, string>> = { '"': '#quot;', '<': '#lt;', '>': '#gt;', '&': '#amp;' };

const open = 'fill:#F0F0F0,stroke:#888888,color:#000000';
const active = 'fill:#E8F0FE,stroke:#3366CC,color:#000000';
const styles: Readonly<Record<NodeStatus, string>> = {
  pending: open,
  ready: open,
  starting: active,
  running: active,
  waiting: active,
  retrying: active,
  succeeded: 'fill:#E6FFE6,stroke:#008000,color:#000000',
  failed: 'fill:#FFE6E6,stroke:#FF0000,color:#000000',
  skipped: 'fill:#F0F0F0,stroke:#888888,color:#666666,stroke-dasharray:4',
  cancelled: 'fill:#FFF3E0,stroke:#888888,color:#666666,stroke-dasharray:4',
};
