import type { EventBody, ExecutionEvent } from '../../lib/model/ExecutionEvent.js';
import { logOf, node, quiescent, runStarted, settled, started, succeeded } from './logOf.js';

/** What a later version may have written: of nodes that are there, of ones that are not, and of types that are names of other things. */
export const strange = [
  { type: 'NodeTeleported', nodeId: 'a', to: 'mars' },
  { type: 'NodeTeleported', nodeId: 'nobody', to: { planet: 'mars' } },
  { type: '__proto__', nodeId: { id: 'a' } },
] as unknown as readonly EventBody[];

/** The log of a run of two nodes, `a` and `b: a`, with or without such events in it, the last of them at seq 5. */
export const strangeLog = (isStrange = true): readonly ExecutionEvent[] =>
  logOf(
    runStarted([node('a'), node('b: a')]),
    { ...started('a'), at: 2 },
    ...(isStrange ? strange.map((body) => ({ ...body, at: 2 })) : []),
    { ...succeeded('a'), at: 3 },
    started('b'),
    succeeded('b'),
    quiescent,
    settled(),
  );

export const strangeText = '3 events of types unknown to this version: NodeTeleported, __proto__';
