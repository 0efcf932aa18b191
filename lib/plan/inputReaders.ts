import type { ExecutorSnapshot, NodeState } from '../model/ExecutorSnapshot.js';
import { isLiteral, isRef } from '../model/Ref.js';

/** Nodes that refer to one of these inputs of their run. */
export const inputReaders = (snapshot: ExecutorSnapshot, names: readonly string[]): readonly string[] => {
  const found: string[] = [];
  for (const node of snapshot.nodes()) if (reads(node, names)) found.push(node.id);
  return found;
};

const reads = ({ spec: { inputs, when, forEach, parent } }: NodeState, names: readonly string[]): boolean => {
  if (parent !== undefined) return false; // what it reads comes through its parent
  const open: unknown[] = [inputs, when, forEach];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null || isLiteral(value)) continue;
    if (!isRef(value)) for (const inner of Object.values(value)) open.push(inner);
    else if (value.node === undefined && /^inputs(?:$|[.[])/.test(value.$ref)) {
      const path = value.$ref.slice('inputs'.length);
      if (
        path === '' ||
        names.some(
          (key) =>
            path === `.${key}` || path.startsWith(`.${key}.`) || path.startsWith(`.${key}[`) || path.startsWith('['),
        )
      )
        return true;
    }
  }
  return false;
};
