import { Subject } from 'rxjs';
import type { NodeState } from '../../../lib/model/ExecutorSnapshot.js';
import type { Json } from '../../../lib/model/Json.js';
import type { NodeSpec } from '../../../lib/model/NodeSpec.js';
import { adjacency } from '../../../lib/plan/topological.js';
import { GONE, looks, RUNNING } from '../../../lib/viewer/theme/looks.js';
import { noChanges, type Changes } from '../../../lib/viewer/view/Changes.js';
import { drawingOf, type Drawing } from '../../../lib/viewer/view/drawingOf.js';
import { groupsOf, type Grouped, type Grouping } from '../../../lib/viewer/view/Groups.js';
import type { Links } from '../../../lib/viewer/view/Links.js';
import { NodeKinds } from '../../../lib/viewer/view/NodeKinds.js';
import type { RunView } from '../../../lib/viewer/view/RunView.js';

export interface FakeNode {
  readonly id: string;
  readonly action?: string;
  readonly deps?: readonly number[];
  readonly parent?: string;
  readonly spec?: Partial<NodeSpec>;
  readonly look?: number;
  readonly attempt?: number;
  readonly progress?: Json;
}

/** A run that is made of looks alone, so that a spec can show any state and change thousands of nodes in a frame. */
export class FakeView {
  readonly told = new Subject<Changes>();
  readonly changes$ = this.told.asObservable();
  readonly dagName = 'fake';
  nodes: readonly FakeNode[];
  looks: Uint8Array;
  counts = new Int32Array(looks.length);
  grouping: Grouping;
  hidesDone = false;
  selected: number | undefined;
  highlight: Uint8Array | undefined;
  highlightKind: RunView['highlightKind'];
  matches: Uint8Array | undefined;
  critical = { path: [] as number[] };
  isLive = true;
  at = 5_000;
  endAt = 5_000;
  readonly wishes = new Map<string, boolean>();
  #grouped: Grouped | undefined;
  #drawing: Drawing | undefined;
  #version = 0;
  #indexes = new Map<string, number>();

  constructor(nodes: readonly FakeNode[], grouping: Grouping = 'none') {
    this.nodes = nodes;
    this.grouping = grouping;
    this.looks = Uint8Array.from(nodes, ({ look }) => look ?? 0);
    nodes.forEach(({ id }, index) => this.#indexes.set(id, index));
    this.#count();
  }

  get size(): number {
    return this.nodes.length;
  }
  get groups(): Grouped['groups'] {
    return this.#groups().groups;
  }
  get drawing(): Drawing {
    return (this.#drawing ??= drawingOf(this, this.#groups(), this, (this.#version += 1)));
  }
  idOf(index: number): string {
    return this.nodes[index]!.id;
  }
  indexOf(id: string): number | undefined {
    return this.#indexes.get(id);
  }
  specOf(index: number): NodeSpec {
    const { id, action = 'noop', parent, spec } = this.nodes[index]!;
    return { ...spec, id, action, ...(parent !== undefined && { parent }) };
  }
  get links(): Links {
    const depStart = new Int32Array(this.nodes.length + 1);
    this.nodes.forEach(({ deps }, index) => (depStart[index + 1] = depStart[index]! + (deps?.length ?? 0)));
    return adjacency(depStart, Int32Array.from(this.nodes.flatMap(({ deps }) => deps ?? [])));
  }
  get kinds(): NodeKinds {
    const kinds = new NodeKinds();
    this.nodes.forEach(({ parent }, index) =>
      kinds.add(index, this.specOf(index), parent === undefined ? undefined : this.indexOf(parent)),
    );
    return kinds;
  }
  depsOf(index: number): readonly number[] {
    return this.nodes[index]!.deps ?? [];
  }
  stateOf(index: number): NodeState | undefined {
    if (this.looks[index] === GONE) return undefined;
    const { attempt = 1, progress } = this.nodes[index]!;
    return { attempt, startedAt: 1_000, ...(progress !== undefined && { progress }) } as NodeState;
  }
  timeText(at: number): string {
    return `+${at}`;
  }
  tell(changes: Partial<Changes>): void {
    if (changes.structure === true) this.#drawing = this.#grouped = undefined;
    this.told.next({ ...noChanges, ...changes });
  }
  setLook(index: number, look: number): void {
    this.counts[this.looks[index]!]! -= 1;
    this.counts[look]! += 1;
    this.looks[index] = look;
  }
  add(nodes: readonly FakeNode[]): void {
    this.nodes = [...this.nodes, ...nodes];
    this.looks = Uint8Array.from(this.nodes, ({ look }, index) => this.looks[index] ?? look ?? 0);
    this.nodes.forEach(({ id }, index) => this.#indexes.set(id, index));
    this.#count();
    this.tell({ structure: true });
  }
  toggleGroup(group: number): void {
    const { key, isOpen } = this.groups[group]!;
    this.wishes.set(key, !isOpen);
    this.tell({ structure: true });
  }
  setGrouping(grouping: Grouping): void {
    this.grouping = grouping;
    this.tell({ structure: true });
  }
  foldAll(): void {
    for (const { key } of this.groups) this.wishes.set(key, false);
    this.tell({ structure: true });
  }
  setHidesDone(on: boolean): void {
    this.hidesDone = on;
    this.tell({ structure: true, filter: true });
  }
  select(index: number | undefined): void {
    this.selected = index;
    this.tell({ selection: true });
  }
  highlightUpstream(): void {
    this.highlightKind = 'upstream';
    this.#reach((index) => this.depsOf(index));
  }
  highlightDownstream(): void {
    this.highlightKind = 'downstream';
    this.#reach((index) => this.nodes.flatMap(({ deps }, other) => (deps?.includes(index) === true ? [other] : [])));
  }
  highlightCritical(path: readonly number[]): void {
    this.critical = { path: [...path] };
    this.highlightKind = 'critical';
    this.highlight = Uint8Array.from(this.nodes, (_, index) => Number(path.includes(index)));
    this.tell({ selection: true });
  }

  /** As the view that elements take. */
  asView(): RunView {
    return this as unknown as RunView;
  }

  #reach(next: (index: number) => readonly number[]): void {
    const marked = new Uint8Array(this.size);
    const waiting = this.selected === undefined ? [] : [this.selected];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      marked[index] = 1;
      waiting.push(...next(index).filter((other) => marked[other] === 0));
    }
    this.highlight = marked;
    this.tell({ selection: true });
  }

  #count(): void {
    this.counts.fill(0);
    for (const look of this.looks) if (look !== GONE) this.counts[look]! += 1;
  }

  #groups(): Grouped {
    if (this.#grouped === undefined) {
      this.#grouped = groupsOf(this, this.grouping, this.wishes);
      for (const { members, counts } of this.#grouped.groups)
        for (const member of members) if (this.looks[member] !== GONE) counts[this.looks[member]!]! += 1;
    }
    return this.#grouped;
  }
}

/** A pseudo-random number generator, so that pictures and figures can be had again. */
export const dice = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** A layered graph of about 1.5 edges to a node, with looks of a run that goes on. */
export const randomNodes = (size: number, seed = 1): readonly FakeNode[] => {
  const roll = dice(seed);
  const layers = Math.max(3, Math.round(Math.sqrt(size) / 1.6));
  const perLayer = Math.max(1, Math.ceil(size / layers));
  const actions = ['fetch', 'parse', 'clean rows', 'train', 'load', 'human.input'];
  return Array.from({ length: size }, (_, index) => {
    const layer = Math.floor(index / perLayer);
    const deps = new Set<number>();
    if (layer > 0) {
      const count = 1 + Math.floor(roll() * 2);
      for (let i = 0; i < count; i += 1) {
        const far = roll() < 0.9 ? 1 : 1 + Math.floor(roll() * Math.min(layer, 4));
        const near = index % perLayer;
        const at = Math.max(0, Math.min(perLayer - 1, near + Math.round((roll() - 0.5) * 8)));
        deps.add((layer - far) * perLayer + at);
      }
    }
    const share = layer / layers;
    const look =
      share < 0.45
        ? roll() < 0.94
          ? 7
          : [8, 9, 10, 11, 12][Math.floor(roll() * 5)]!
        : share < 0.6
          ? [3, 3, 3, 1, 2, 4, 5, 6, 7, 7][Math.floor(roll() * 10)]!
          : 0;
    return {
      id: `${actions[index % actions.length]!.replace(' ', '-')}-${index}`,
      action: actions[index % actions.length]!,
      deps: [...deps].filter((dep) => dep >= 0 && dep < index),
      look,
      attempt: roll() < 0.08 ? 2 : 1,
      ...(look === RUNNING && roll() < 0.4 && { progress: roll() }),
    };
  });
};
