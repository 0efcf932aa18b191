import type { NodeSpec } from '../model/NodeSpec.js';

/** Tells whether a node runs by what it is expanded into: a fan-out or a sub-DAG. */
export const expands = (spec: NodeSpec): boolean => spec.forEach !== undefined || spec.action === 'dag';
