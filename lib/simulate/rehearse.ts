import { Observable, map, mergeMap, type SchedulerLike } from 'rxjs';
import { EngineError } from '../define/DagError.js';
import { ActionRegistry } from '../define/ActionRegistry.js';
import { action } from '../define/action.js';
import type { HookOperator } from '../hooks/Hook.js';
import { ofType } from '../hooks/operators.js';
import { provideInput } from '../model/commands.js';
import type { DagConfig } from '../model/DagConfig.js';
import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import { show } from '../model/explain.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { DURATION_MS_MAX } from '../model/strict.js';
import { estimateOf, type Estimates } from '../plan/Estimates.js';
import type { Plan } from '../plan/Plan.js';
import { DagExecutor } from '../run/DagExecutor.js';
import { VirtualTime } from '../testing/VirtualTime.js';
import { firstComeFirstServed } from './firstComeFirstServed.js';

export interface Rehearsal {
  readonly plan: Plan;
  readonly slots: number;
  readonly order: 'criticalPath' | 'fifo';
  readonly estimates: Estimates | undefined;
  /** By node. */
  readonly durationMs: Float64Array;
}

/**
 * Runs a plan in the real executor under virtual time, with actions that do nothing but take their time, and gives the log.
 * Everything succeeds at once, every condition is met; a fan-out and a sub-DAG are one node each, for what they expand to
 * is not known.
 */
export const rehearse = ({ plan, slots, order, estimates, durationMs }: Rehearsal): readonly ExecutionEvent[] => {
  const time = new VirtualTime();
  const scale = scaleOf(durationMs);
  const takes = (nodeId: string): number => durationMs[plan.indexOf.get(nodeId)!]! * scale;
  const registry = new ActionRegistry().register(action(STAND_IN, ({ nodeId }) => after(takes(nodeId), time)));
  const nodes = plan.nodes.map((node, i): NodeSpec => {
    const estimateMs = estimateOf(node, estimates);
    return {
      id: node.id,
      action: node.action === PERSON ? PERSON : STAND_IN,
      deps: Array.from(plan.deps.subarray(plan.depStart[i], plan.depStart[i + 1]), (dep) => plan.nodes[dep]!.id),
      ...(order === 'fifo' ? { priority: -i } : node.priority === undefined ? {} : { priority: node.priority }),
      ...(order === 'fifo' || estimateMs === undefined ? {} : { estimateMs: estimateMs * scale }),
      ...(node.pool === undefined ? {} : { pool: node.pool }),
    };
  });
  const hooks = [peopleAnswer(takes, time), ...(order === 'fifo' ? [firstComeFirstServed(plan)] : [])];
  const executor = new DagExecutor({ registry, scheduler: time, random: () => 0, hooks });
  const run = executor.start({ name: plan.name, nodes }, { runId: 'simulated', config: configOf(plan, slots) });
  const events: ExecutionEvent[] = [];
  let fault: unknown;
  run.event$.subscribe({
    next: (event) => {
      const shown = event.type === 'RunStarted' ? withActions(event, plan) : event;
      events.push(scale === 1 ? shown : stretched(shown, 1 / scale));
    },
    error: (error: unknown) => (fault = error),
  });
  time.flush({ maxActions: Infinity });
  if (run.snapshot.status !== 'succeeded')
    throw new EngineError(`The rehearsal of ${show(plan.name)} did not succeed: it is ${run.snapshot.status}.`, {
      cause: fault ?? events.at(-1),
    });
  return events;
};

const PERSON = 'human.input';
/** What all other nodes do, whatever their actions: some names mean something, and not all can be registered. */
const STAND_IN = 'rehearsed';

/** Shows the nodes with their own actions, but for what is built in, which did not do what its name says. */
const withActions = (started: EventOf<'RunStarted'>, plan: Plan): ExecutionEvent => {
  const nodes = started.definition.nodes.map((node, i) => {
    const { action } = plan.nodes[i]!;
    return { ...node, action: action === 'dag' ? 'dag, rehearsed' : action };
  });
  return { ...started, definition: { ...started.definition, nodes } };
};

/** No deadline and no budget ends a rehearsal. */
const configOf = ({ nodes, graph: { config } }: Plan, slots: number): Partial<DagConfig> => ({
  maxParallelNodes: slots,
  pools: config?.pools ?? {},
  timeoutMs: DURATION_MS_MAX,
  commandBudget: Number.MAX_SAFE_INTEGER,
  hookBacklog: Number.MAX_SAFE_INTEGER,
  maxNodes: Math.max(1, nodes.length),
  historyEvents: 1,
});

/** Ends with null after so many milliseconds. */
const after = (ms: number, scheduler: SchedulerLike): Observable<null> =>
  new Observable((subscriber) =>
    scheduler.schedule(() => {
      subscriber.next(null);
      subscriber.complete();
    }, ms),
  );

const peopleAnswer =
  (takes: (nodeId: string) => number, scheduler: SchedulerLike): HookOperator =>
  (event$) =>
    event$.pipe(
      ofType('NodeWaiting'),
      mergeMap(({ nodeId }) => after(takes(nodeId), scheduler).pipe(map(() => provideInput(nodeId, null)))),
    );

/** What a run may take is less than 24.8 days: longer ones are run faster, by a power of two, so that nothing is rounded. */
const scaleOf = (durationMs: Float64Array): number => {
  let scale = 1;
  for (const workMs = durationMs.reduce((sum, ms) => sum + ms, 0); workMs * scale > DURATION_MS_MAX / 2;) scale /= 2;
  return scale;
};

const stretched = (event: ExecutionEvent, by: number): ExecutionEvent => ({
  ...event,
  at: event.at * by,
  ...(event.type === 'NodeSucceeded' ? { durationMs: event.durationMs * by } : {}),
});
