import type { DagConfig } from '../../model/DagConfig.js';
import type { Graph } from '../../model/Graph.js';
import type { Plan } from '../../plan/Plan.js';
import { planOf } from '../../plan/planOf.js';
import { adjacency } from '../../plan/topological.js';
import type { BoundSpec } from '../NodeRecord.js';
import { isPlain, type PastPlan } from './PastPlan.js';
import { asFloat64, asInt32, pack, packTexts, textAt, textsIn, unpack } from './sections.js';

/** How many nodes are read together when one of them is looked at. */
const CHUNK = 256;
const PLAIN = 1;
const LABELLED = 2;

/** The bytes of a key frame of nodes: those of a plan from `from` to before `to`. `from` is a multiple of 256. */
export const encodeNodes = (plan: Plan, from: number, to: number): Uint8Array => {
  const count = to - from;
  const nodes = plan.nodes.slice(from, to);
  const degrees = new Int32Array(count);
  for (let i = 0; i < count; i++) degrees[i] = plan.depStart[from + i + 1]! - plan.depStart[from + i]!;
  const flags = Uint8Array.from(
    nodes,
    (spec) => (isPlain(spec) ? PLAIN : 0) | (spec.branch === undefined ? 0 : LABELLED),
  );
  const ids = packTexts(nodes.map(({ id }) => id));
  const chunks: string[] = [];
  for (let at = 0; at < count; at += CHUNK) chunks.push(JSON.stringify(nodes.slice(at, at + CHUNK)));
  const specs = packTexts(chunks);
  const deps = plan.deps.slice(plan.depStart[from], plan.depStart[to]);
  const meta = Float64Array.of(from, plan.nodes.length);
  return pack(meta, degrees, deps, flags, ids.ends, ids.bytes, specs.ends, specs.bytes);
};

/** A key frame of nodes. */
export class NodesFrame {
  readonly from: number;
  /** How many nodes the whole plan has. */
  readonly total: number;
  readonly degrees: Int32Array;
  readonly deps: Int32Array;
  readonly flags: Uint8Array;
  readonly #idEnds: Int32Array;
  readonly #ids: Uint8Array;
  readonly #specEnds: Int32Array;
  readonly #specs: Uint8Array;

  /** Throws a `RangeError` for bytes that are none. */
  constructor(bytes: Uint8Array) {
    const [meta, degrees, deps, flags, idEnds, ids, specEnds, specs] = unpack(bytes, 8);
    [this.from = 0, this.total = 0] = asFloat64(meta!);
    this.degrees = asInt32(degrees!);
    this.deps = asInt32(deps!);
    this.flags = flags!;
    this.#idEnds = asInt32(idEnds!);
    this.#ids = ids!;
    this.#specEnds = asInt32(specEnds!);
    this.#specs = specs!;
  }

  get count(): number {
    return this.flags.length;
  }

  ids(): readonly string[] {
    return textsIn(this.#idEnds, this.#ids);
  }

  chunk(i: number): readonly BoundSpec[] {
    return JSON.parse(textAt(this.#specEnds, this.#specs, i)) as readonly BoundSpec[];
  }
}

/** A plan out of key frames: nodes are read when they are looked at, and what few ask for is made when it is asked for. */
export class PackedPlan implements PastPlan {
  readonly name: string;
  readonly depStart: Int32Array;
  readonly deps: Int32Array;
  readonly outStart: Int32Array;
  readonly outs: Int32Array;
  readonly isPlain: Uint8Array;
  readonly labels = new Map<string, number[]>();
  readonly #parts: readonly NodesFrame[];
  readonly #definition: Graph;
  readonly #config: DagConfig;
  readonly #chunks: (readonly BoundSpec[] | undefined)[] = [];
  #indexOf: ReadonlyMap<string, number> | undefined;
  #whole: Plan | undefined;

  /** @param definition - Without its nodes, which the parts have. */
  private constructor(parts: readonly NodesFrame[], definition: Graph, config: DagConfig) {
    const total = parts[0]?.total ?? 0;
    const depStart = new Int32Array(total + 1);
    const deps = new Int32Array(parts.reduce((size, part) => size + part.deps.length, 0));
    this.isPlain = new Uint8Array(total);
    this.name = definition.name;
    this.#parts = parts;
    this.#definition = definition;
    this.#config = config;
    let at = 0;
    for (const part of parts) {
      deps.set(part.deps, at);
      for (let i = 0; i < part.count; i++) {
        depStart[part.from + i + 1] = at += part.degrees[i]!;
        this.isPlain[part.from + i] = part.flags[i]! & PLAIN;
      }
    }
    ({
      depStart: this.depStart,
      deps: this.deps,
      outStart: this.outStart,
      outs: this.outs,
    } = adjacency(depStart, deps));
    for (const part of parts)
      for (let i = 0; i < part.count; i++) if ((part.flags[i]! & LABELLED) !== 0) this.#label(part.from + i);
  }

  /** Undefined unless the parts are all there. */
  static from(parts: readonly NodesFrame[], definition: Graph, config: DagConfig): PackedPlan | undefined {
    let next = 0;
    for (const { from, count, total } of parts) {
      if (from !== next || from % CHUNK !== 0 || total !== parts[0]!.total) return undefined;
      next += count;
    }
    return parts.length > 0 && next === parts[0]!.total ? new PackedPlan(parts, definition, config) : undefined;
  }

  specAt(index: number): BoundSpec {
    const chunk = Math.floor(index / CHUNK);
    return (this.#chunks[chunk] ??= this.#read(chunk))[index % CHUNK]!;
  }

  get indexOf(): ReadonlyMap<string, number> {
    if (this.#indexOf === undefined) {
      const indexOf = new Map<string, number>();
      for (const part of this.#parts) part.ids().forEach((id, i) => indexOf.set(id, part.from + i));
      this.#indexOf = indexOf;
    }
    return this.#indexOf;
  }

  get graph(): Plan['graph'] {
    return this.#plan.graph;
  }
  get nodes(): Plan['nodes'] {
    return this.#plan.nodes;
  }
  get order(): Plan['order'] {
    return this.#plan.order;
  }
  get rank(): Plan['rank'] {
    return this.#plan.rank;
  }
  get bound(): Plan['bound'] {
    return this.#plan.bound;
  }
  get warnings(): Plan['warnings'] {
    return this.#plan.warnings;
  }

  get #plan(): Plan {
    if (this.#whole === undefined) {
      const nodes = Array.from(this.isPlain, (_, index) => this.specAt(index));
      this.#whole = planOf({ ...this.#definition, nodes }, this.#config);
    }
    return this.#whole;
  }

  #read(chunk: number): readonly BoundSpec[] {
    const first = chunk * CHUNK;
    let low = 0;
    let high = this.#parts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#parts[middle]!.from <= first) low = middle;
      else high = middle - 1;
    }
    const part = this.#parts[low]!;
    return part.chunk((first - part.from) / CHUNK);
  }

  #label(index: number): void {
    const label = this.specAt(index).branch!;
    const members = this.labels.get(label);
    if (members === undefined) this.labels.set(label, [index]);
    else members.push(index);
  }
}
