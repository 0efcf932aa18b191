import type { Graph } from '../model/Graph.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import type { Ref } from '../model/Ref.js';
import { LogNode } from './LogNode.js';

/** The graph of a log that is being checked, kept in a topological order while it grows. */
export class LogGraph {
  readonly #nodes = new Map<string, LogNode>();
  #next = 0;

  get(id: string): LogNode | undefined {
    return this.#nodes.get(id);
  }

  nodes(): Iterable<LogNode> {
    return this.#nodes.values();
  }

  /** Enters a whole definition; gives what is wrong with it, in words. */
  define(definition: Graph): readonly string[] {
    const wrong: string[] = [];
    const nodes: LogNode[] = [];
    for (const spec of definition.nodes) {
      if (spec.id === undefined) wrong.push(`a node of action "${spec.action}" has no id`);
      else if (this.#nodes.has(spec.id)) wrong.push(`the id "${spec.id}" is defined twice`);
      else {
        const node = new LogNode(spec.id, spec);
        this.#nodes.set(spec.id, node);
        nodes.push(node);
      }
    }
    for (const node of nodes) for (const what of this.#link(node)) wrong.push(what);
    const left = new Map(nodes.map((node) => [node, node.deps.size]));
    const free = nodes.filter(({ deps }) => deps.size === 0);
    for (const node of free) {
      node.order = this.#next++;
      for (const dependent of node.dependents) {
        const open = left.get(dependent)! - 1;
        left.set(dependent, open);
        if (open === 0) free.push(dependent);
      }
    }
    if (free.length < nodes.length) wrong.push(`${nodes.length - free.length} nodes lie in or behind a cycle`);
    return wrong;
  }

  /** Enters one more node, whose dependencies must be known. */
  add(id: string, spec: NodeSpec): { readonly node: LogNode; readonly wrong: readonly string[] } {
    const node = new LogNode(id, spec);
    const wrong = this.#link(node);
    node.order = this.#next++;
    this.#nodes.set(id, node);
    return { node, wrong };
  }

  remove(node: LogNode): void {
    this.#nodes.delete(node.id);
    for (const dep of node.deps) dep.dependents.delete(node);
    for (const dependent of node.dependents) dependent.deps.delete(node);
  }

  /**
   * Makes `to` depend on `from` and mends the order around them (Pearce and Kelly); false if that closes a cycle.
   * Nothing happens then.
   */
  depend(from: LogNode, to: LogNode): boolean {
    if (from.order >= to.order) {
      const after = reach(
        to,
        ({ dependents }) => dependents,
        (node) => node.order <= from.order,
      );
      if (after.has(from)) return false;
      const before = reach(
        from,
        ({ deps }) => deps,
        (node) => node.order >= to.order,
      );
      const moved = [...byOrder(before), ...byOrder(after)];
      const places = moved.map(({ order }) => order).sort((a, b) => a - b);
      moved.forEach((node, i) => (node.order = places[i]!));
    }
    from.dependents.add(to);
    to.deps.add(from);
    return true;
  }

  #link(node: LogNode): readonly string[] {
    const wrong: string[] = [];
    for (const id of [...(node.spec.deps ?? []), ...this.#referred(node.spec)]) {
      const dep = this.#nodes.get(id);
      if (dep === undefined || dep === node)
        wrong.push(`"${node.id}" depends on ${dep === node ? 'itself' : `"${id}", which does not exist`}`);
      else {
        node.deps.add(dep);
        dep.dependents.add(node);
      }
    }
    return wrong;
  }

  /** The nodes that a spec's references name; those to the run's inputs name none. */
  #referred(spec: NodeSpec): readonly string[] {
    const found: string[] = [];
    for (const ref of refsOf([spec.inputs, spec.when, spec.forEach])) {
      const id = ref.node ?? this.#longest(ref);
      if (id !== undefined) found.push(id);
    }
    return found;
  }

  #longest({ $ref, scope }: Ref): string | undefined {
    const ends = [$ref.length, ...Array.from($ref.matchAll(/[.[]/g), ({ index }) => index).toReversed()];
    const id = ends.map((end) => $ref.slice(0, end)).find((head) => this.#nodes.has(head));
    return scope !== undefined && /^inputs(?:[.[]|$)/.test($ref) ? undefined : id;
  }
}

/** All references inside a value; `{ $literal }` hides what looks like one. */
const refsOf = (value: unknown): readonly Ref[] => {
  const found: Ref[] = [];
  const stack = [value];
  while (stack.length > 0) {
    const next = stack.pop();
    if (typeof next !== 'object' || next === null || Object.hasOwn(next, '$literal')) continue;
    if (Object.hasOwn(next, '$ref') && typeof (next as Ref).$ref === 'string') found.push(next as Ref);
    else for (const inner of Object.values(next)) stack.push(inner);
  }
  return found;
};

const reach = (
  start: LogNode,
  along: (node: LogNode) => ReadonlySet<LogNode>,
  within: (node: LogNode) => boolean,
): Set<LogNode> => {
  const found = new Set([start]);
  for (const node of found) for (const next of along(node)) if (within(next)) found.add(next);
  return found;
};

const byOrder = (nodes: ReadonlySet<LogNode>): readonly LogNode[] => [...nodes].sort((a, b) => a.order - b.order);
