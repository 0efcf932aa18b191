import { actionText, kindsOf, type NodeKind } from '../../formats/nodeKinds.js';
import type { Json } from '../../model/Json.js';
import { FAILED, GONE, looks, PENDING, RUNNING, SUCCEEDED, TIMED_OUT } from '../theme/looks.js';
import { countText, shown } from '../dom/shown.js';
import { sizeOf, type Group } from '../view/Groups.js';
import type { RunView } from '../view/RunView.js';
import type { Scene } from './Scene.js';

/** What one item says, before it is drawn. */
export interface Card {
  /** An index of `looks`, or GONE. */
  readonly look: number;
  readonly label: string;
  readonly detail: string;
  /** Of a node that is not folded. */
  readonly kinds: readonly NodeKind[];
  /** At the right: the attempt, or the number of members. */
  readonly badge: string;
  /** 0 to 1. */
  readonly progress: number | undefined;
  /** Of a folded group: its members by look. */
  readonly counts: Int32Array | undefined;
}

/** The group that an item stands for, if it is folded. */
export const foldedGroup = ({ drawing, groups }: Scene, item: number): Group | undefined => {
  const group = drawing.group[item];
  return group === undefined || group < 0 ? undefined : groups[group];
};

/** The look of an item at the moment that is shown. */
export const itemLook = (view: RunView, scene: Scene, item: number): number => {
  const node = scene.drawing.node[item]!;
  if (node >= 0) return view.looks[node] ?? GONE;
  const group = foldedGroup(scene, item);
  return group === undefined ? GONE : lookOfCounts(group.counts);
};

/** Reads what an item says. */
export const cardOf = (view: RunView, scene: Scene, item: number): Card => {
  const look = itemLook(view, scene, item);
  const node = scene.drawing.node[item]!;
  const group = foldedGroup(scene, item);
  if (group !== undefined) {
    return {
      look,
      label: node >= 0 ? view.idOf(node) : group.label,
      detail: '',
      kinds: [],
      badge: countText(sizeOf(group)),
      progress: undefined,
      counts: group.counts,
    };
  }
  const state = view.stateOf(node);
  const spec = view.specOf(node);
  const kinds = kindsOf(spec);
  const attempt = state?.attempt ?? 0;
  return {
    look,
    label: view.idOf(node),
    detail: actionText(spec, kinds),
    kinds,
    badge: attempt > 1 ? `×${attempt}` : '',
    progress: look === RUNNING ? fraction(state?.progress) : undefined,
    counts: undefined,
  };
};

/** An item in words, for those who do not see it. */
export const cardText = (view: RunView, scene: Scene, item: number): string => {
  const { look, label, badge, counts, kinds } = cardOf(view, scene, item);
  const parts = [shown(label), lookLabel(look), ...kinds.map(kindText)];
  if (counts !== undefined) parts.push(`group of ${badge}: ${countsText(counts)}`);
  else if (badge !== '') parts.push(`attempt ${badge.slice(1)}`);
  const { ins, outs } = scene;
  parts.push(`${ins.start[item + 1]! - ins.start[item]!} in, ${outs.start[item + 1]! - outs.start[item]!} out`);
  return parts.join(', ');
};

/** A kind in words. */
export const kindText = ({ name, meaning }: NodeKind): string => `${name}: ${meaning}`;

/** A look in a word. */
export const lookLabel = (look: number): string => looks[look]?.label ?? 'not there yet';

/** "12 succeeded, 3 running". */
export const countsText = (counts: ArrayLike<number>): string =>
  Array.from(counts, (count, look) => ({ count, look }))
    .filter(({ count, look }) => count > 0 && look < looks.length)
    .reverse()
    .map(({ count, look }) => `${countText(count)} ${lookLabel(look)}`)
    .join(', ');

/** What a group looks like: as the member that most wants to be seen. */
const lookOfCounts = (counts: Int32Array): number => {
  for (const look of [FAILED, TIMED_OUT]) if (counts[look]! > 0) return look;
  // From running down to ready, then those that are held, then the ends.
  for (const look of [RUNNING, 2, 5, 4, 6]) if (counts[look]! > 0) return look;
  const open = counts[PENDING]! + counts[1]!;
  for (const look of [SUCCEEDED, 8, 11, 12]) if (open === 0 && counts[look]! > 0) return look;
  return counts[1]! > 0 ? 1 : PENDING;
};

/** Progress as actions tell it: a share, a percentage, or done of total. */
const fraction = (progress: Json | undefined): number | undefined => {
  if (typeof progress === 'number') return share(progress > 1 ? progress / 100 : progress);
  if (typeof progress !== 'object' || progress === null || Array.isArray(progress)) return undefined;
  const { done, total } = progress as Readonly<Record<string, Json>>;
  return typeof done === 'number' && typeof total === 'number' ? share(done / total) : undefined;
};

const share = (value: number): number | undefined => (value >= 0 && value <= 1 ? value : undefined);
