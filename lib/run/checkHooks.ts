import { DagError } from '../define/DagError.js';
import type { Hook } from '../hooks/Hook.js';
import { show } from '../model/explain.js';

/** Refuses what is no hook before a run begins; throws a `DagError`. */
export const checkHooks = (hooks: unknown): readonly Hook[] => {
  const wrong = (what: string): never => {
    throw new DagError(
      'InvalidOptions',
      `${what}; a hook is a function from events to commands, or an object with a name and methods.`,
    );
  };
  if (hooks === undefined) return [];
  if (!Array.isArray(hooks)) return wrong(`The hooks are ${show(hooks)}, not a list`);
  for (const [i, hook] of hooks.entries()) {
    if (typeof hook === 'function') continue;
    if (typeof hook !== 'object' || hook === null) return wrong(`Hook #${i} is ${show(hook)}`);
    let name: unknown;
    try {
      ({ name } = hook as { name?: unknown });
    } catch {
      return wrong(`The name of hook #${i} can't be read`);
    }
    if (name !== undefined && typeof name !== 'string')
      return wrong(`The name of hook #${i} is ${show(name)}, not a text`);
  }
  return hooks as readonly Hook[];
};
