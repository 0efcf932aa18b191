import type { ActionRegistry, NodeSpec } from '../index.js';
import { show } from '../model/explain.js';
import { printable } from '../model/printable.js';
import { builtIn } from '../plan/checkId.js';
import { counted } from './eventLine.js';
import { UsageError } from './UsageError.js';

const SHOWN_MAX = 3;

/** Throws a `UsageError` that tells in one sentence which actions of a stored run are not at hand. */
export const checkActions = (
  runId: string,
  nodes: readonly NodeSpec[],
  registry: ActionRegistry,
  modules: readonly string[],
): void => {
  const needed = new Set(nodes.map(({ action }) => action));
  const missing = [...needed].filter((name) => !registry.has(name) && !builtIn.includes(name)).map(show);
  if (missing.length === 0) return;
  const more = missing.length > SHOWN_MAX ? ` and ${counted(missing.length - SHOWN_MAX, 'other')}` : '';
  const what = `${missing.length === 1 ? 'the action' : 'the actions'} ${missing.slice(0, SHOWN_MAX).join(', ')}${more}`;
  throw new UsageError(
    modules.length === 0
      ? `Run ${show(runId)} needs ${what} and remembers no module that exports them; name one with --actions MODULE.`
      : `Run ${show(runId)} needs ${what}, which ${modules.map(printable).join(', ')} does not export; name the module that does with --actions MODULE.`,
  );
};
