import {
  EMPTY,
  NEVER,
  filter,
  from,
  map,
  mergeMap,
  throwError,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import type { Gate, Hook, HookContext, HookOperator, SupervisorHookV2 } from '../../lib/index.js';
import type { ExecutionEvent } from '../../lib/model/ExecutionEvent.js';
import type { ExecutorCommand } from '../../lib/model/ExecutorCommand.js';
import type { HookPlan, Trigger } from '../support/Case.js';

/** The hooks of a plan, all of whose waiting is done on one scheduler. */
export const hooksOf = (plans: readonly HookPlan[], scheduler: SchedulerLike): readonly Hook[] =>
  plans.map((plan, i) => hookOf(plan, `hook${i}`, scheduler));

const hookOf = (plan: HookPlan, name: string, scheduler: SchedulerLike): Hook => {
  switch (plan.kind) {
    case 'answers':
      return answering(plan, name, scheduler);
    case 'retries':
      return retrying(plan, name);
    case 'floods':
      return flooding(plan, name);
    case 'gate':
      return gate(plan, name, scheduler);
    case 'fails':
      return failing(plan, name);
  }
};

/** True at the nth event of a type. */
const trigger = ({ on, nth }: Trigger): ((event: ExecutionEvent) => boolean) => {
  let seen = 0;
  return ({ type }) => type === on && ++seen === nth;
};

const named = (
  name: string,
  operator: (event$: Observable<ExecutionEvent>, ctx: HookContext) => Observable<ExecutorCommand>,
): HookOperator => Object.assign(operator, { hookName: name });

const answering = (
  { form, trigger: at, commands, delayMs }: Extract<HookPlan, { kind: 'answers' }>,
  name: string,
  scheduler: SchedulerLike,
): Hook => {
  const isIt = trigger(at);
  const answer = (): Observable<ExecutorCommand> =>
    delayMs === undefined ? from(commands) : timer(delayMs, scheduler).pipe(mergeMap(() => commands));
  if (form === 'operator')
    return named(name, (event$, ctx) =>
      event$.pipe(
        filter(isIt),
        mergeMap(() => (delayMs === undefined ? answer() : ctx.track(answer()))),
      ),
    );
  const say = (_: HookContext, event: ExecutionEvent) =>
    isIt(event) ? (delayMs === undefined ? commands : answer()) : undefined;
  if (at.on === 'NodeSucceeded') return { name, onNodeComplete: say };
  return at.on === 'NodeFailed' ? { name, onNodeFailed: say } : { name, onEvent: say };
};

const retrying = ({ form, times }: Extract<HookPlan, { kind: 'retries' }>, name: string): Hook => {
  let left = times;
  const retry = (event: ExecutionEvent): ExecutorCommand | undefined =>
    event.type === 'NodeFailed' && left-- > 0 ? { type: 'RetryNode', nodeId: event.nodeId } : undefined;
  return form === 'operator'
    ? named(name, (event$) =>
        event$.pipe(
          map(retry),
          filter((command) => command !== undefined),
        ),
      )
    : { name, onNodeFailed: (_, event) => retry(event) };
};

const flooding = ({ form }: Extract<HookPlan, { kind: 'floods' }>, name: string): Hook => {
  let begun = false;
  const more = (event: ExecutionEvent): ExecutorCommand | undefined => {
    if (begun ? event.type !== 'NodeAdded' : event.type !== 'NodeSucceeded') return undefined;
    begun = true;
    return { type: 'AddNode', spec: { id: `${name}-${event.seq}`, action: 'work' } };
  };
  return form === 'operator'
    ? named(name, (event$) =>
        event$.pipe(
          map(more),
          filter((command) => command !== undefined),
        ),
      )
    : { name, onEvent: (_, event) => more(event) };
};

const gate = (
  { every, answer, delayMs }: Extract<HookPlan, { kind: 'gate' }>,
  name: string,
  scheduler: SchedulerLike,
): SupervisorHookV2 => {
  let asked = 0;
  const say = (): Gate => {
    switch (answer) {
      case 'inputs':
        return { inputs: { rewritten: true } };
      case 'skip':
        return { skip: 'the gate is shut' };
      case 'output':
        return { skip: 'the gate knows', output: { n: 3, ok: true, list: [1, 2] } };
      case 'fail':
        return { fail: 'the gate fails it' };
      case 'throws':
        throw new Error('the gate breaks');
      default:
        return 'proceed';
    }
  };
  return {
    name,
    beforeNodeStart: () => {
      if (++asked % every !== 0) return undefined;
      if (answer === 'never') return NEVER;
      return delayMs === undefined ? say() : timer(delayMs, scheduler).pipe(map(say));
    },
  };
};

const failing = ({ how, trigger: at, observe = false }: Extract<HookPlan, { kind: 'fails' }>, name: string): Hook => {
  const isIt = trigger(at);
  if (how === 'errors')
    return named(name, (event$) =>
      event$.pipe(mergeMap((event) => (isIt(event) ? throwError(() => new Error('the hook breaks')) : EMPTY))),
    );
  if (how === 'gate')
    return {
      name,
      beforeNodeStart: () => {
        throw new Error('the gate breaks');
      },
    };
  return {
    name,
    observe,
    onEvent: (_, event) => {
      if (!isIt(event)) return undefined;
      if (how === 'throws') throw new Error('the hook breaks');
      return how === 'never' ? NEVER : (42 as never);
    },
  };
};
