import { Subscription } from 'rxjs';
import { ActionRegistry } from '../define/ActionRegistry.js';
import { action } from '../define/action.js';
import { defaultConfig, mergeConfig } from '../model/DagConfig.js';
import { compile } from '../plan/compile.js';
import type { DagRun } from './DagRun.js';
import { startRun } from './startRun.js';

const kept: { run?: DagRun } = {};
let since = Infinity;

/** After so many nodes the kept run is made anew. */
const RENEWED_AFTER = 4_096;

/**
 * Keeps one small run for the life of the process. V8 forgets what it has learnt about a shape of object once a full
 * collection finds none alive, and with it drops the machine code that relies on it: without this, every run after such
 * a collection starts cold, at three times the cost. The run has one node that never ends and one that waits for it, so
 * that one of everything stays; its scheduler has no timers, so it keeps no process alive. It is made anew now and then,
 * as a shape changes when a first object has another kind of value in a field, and those that nobody touches do not follow.
 *
 * @param ran - How many nodes have run since this was last called.
 */
export const keepShapes = (ran = 0): void => {
  since += ran;
  if (since < RENEWED_AFTER) return;
  since = 0;
  const registry = new ActionRegistry().register(
    action('first', () => Promise.resolve(null)),
    action('never', () => new Promise<null>(() => undefined)),
  );
  const nodes = [
    { id: 'a', action: 'first' },
    { id: 'b', action: 'never', deps: ['a'] },
    { id: 'c', action: 'never', deps: ['a'] },
  ];
  const compiled = compile({ name: 'kept', nodes }, registry);
  if (compiled._tag === 'Left') return;
  const run = startRun({
    runId: 'kept',
    plan: compiled.right,
    config: mergeConfig(defaultConfig, { maxParallelNodes: 1 }),
    inputs: {},
    registry,
    library: () => undefined,
    hooks: [{ name: 'kept', onNodeComplete: () => undefined }],
    scheduler: {
      now: () => Date.now(),
      schedule: (work, delay) => {
        if (delay === 0) queueMicrotask(work as () => void);
        return Subscription.EMPTY;
      },
    },
    random: () => 0,
    settled: () => undefined,
  });
  // The one before stays until this one has one of everything, too.
  run.event$.subscribe(({ type }) => {
    if (type === 'NodeSucceeded') kept.run = run;
  });
  run.snapshot$.subscribe();
};
