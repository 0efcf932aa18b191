import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';

/** Tells whether a node has this id or label, or was expanded from one that has. Dependants are not looked at. */
export const belongs = (snapshot: ExecutorSnapshot, nodeId: string, branch: string): boolean => {
  for (let node = snapshot.node(nodeId); node !== undefined;) {
    if (node.id === branch || node.branch === branch) return true;
    const { parent } = node.spec;
    node = parent === undefined ? undefined : snapshot.node(parent);
  }
  return false;
};
