import * as E from '#fp-ts/Either';
import { Subscription } from 'rxjs';
import { ActionRegistry } from '../define/ActionRegistry.js';
import { action } from '../define/action.js';
import { defaultConfig, mergeConfig } from '../model/DagConfig.js';
import { compile } from '../plan/compile.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import type { RunParts } from './RunParts.js';
import type { DagRun } from './DagRun.js';
import { startRun } from './startRun.js';

const kept: { run?: DagRun; ended?: DagRun } = {};
let since = Infinity;

const done =
  <A>(value: A) =>
  () =>
    Promise.resolve(E.right(value));
const keepsNothing: NonNullable<RunParts['store']> = {
  acquire: () => done({ epoch: 1 }),
  append: () => done(undefined),
  release: () => done(undefined),
  read: () => {
    throw new Error('Nothing is kept.');
  },
};

/** After so many nodes the kept runs are made anew. */
const RENEWED_AFTER = 4_096;

/**
 * Keeps two small runs for the life of the process. V8 forgets what it has learnt about a shape of object once a full
 * collection finds none alive, and with it drops the machine code that relies on it: without this, every run after such
 * a collection starts cold, at three times the cost. The run has one node that never ends and one that waits for it, so
 * that one of everything stays, what is on its way to a store included; another one has ended, and keeps the rest. Their
 * scheduler has no timers, so they keep no process alive. They are made anew now and then, as a shape changes when a first
 * object has another kind of value in a field, and those that nobody touches do not follow.
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
  const going = begin(nodes, registry, keepsNothing);
  const ended = begin(nodes.slice(0, 1), registry);
  // Those before stay until these have one of everything, too.
  going?.event$.subscribe(({ type }) => {
    if (type === 'NodeSucceeded') kept.run = going;
  });
  going?.snapshot$.subscribe();
  void ended?.report.then(() => void (kept.ended = ended));
};

const begin = (nodes: readonly NodeSpec[], registry: ActionRegistry, store?: RunParts['store']): DagRun | undefined => {
  const compiled = compile({ name: 'kept', nodes }, registry);
  if (compiled._tag === 'Left') return undefined;
  return startRun({
    runId: 'kept',
    plan: compiled.right,
    config: mergeConfig(defaultConfig, { maxParallelNodes: 1 }),
    inputs: {},
    registry,
    library: () => undefined,
    hooks: [{ name: 'kept', onNodeComplete: () => undefined }],
    store,
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
};
