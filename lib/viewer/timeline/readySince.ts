import type { RunView } from '../view/RunView.js';
import type { AttemptLists } from './AttemptLists.js';

/** Nodes with more dependencies than this are not worth the search in each frame. */
const DEPS_MAX = 1_000;

/** Since when a node that has not begun waits for a slot: since the last of its dependencies ended; undefined where unknown. */
export const readySince = (view: RunView, lists: AttemptLists, node: number): number | undefined => {
  const deps = view.depsOf(node);
  if (deps.length > DEPS_MAX) return undefined;
  const { attempts, seq } = view;
  let since: number | undefined;
  for (const dep of deps)
    for (let i = lists.first(dep); i >= 0 && attempts.startSeq[i]! <= seq; i = lists.next(i)) {
      const endAt = attempts.endAt[i]!;
      if (attempts.endSeq[i]! <= seq && endAt > (since ?? 0)) since = endAt;
    }
  return since;
};
