import { EMPTY, Observable, Subject, asyncScheduler, identity, map, throwError, type SchedulerLike } from 'rxjs';
import { latestValueFrom } from 'rxjs-for-await';
import type { ActionRegistry } from '../define/ActionRegistry.js';
import type { Cache } from '../define/Cache.js';
import { EngineError } from '../define/DagError.js';
import type { Hook } from '../hooks/Hook.js';
import type { CommandRefusal, DagExecutionReport } from '../model/DagExecutionReport.js';
import type { DagConfig } from '../model/DagConfig.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import type { Failure } from '../model/Failure.js';
import type { Json } from '../model/Json.js';
import type { Plan } from '../plan/Plan.js';
import { Agenda } from '../state/Agenda.js';
import { isCut } from '../state/branches.js';
import * as N from '../state/NodeRecord.js';
import { keyTest } from '../state/redact.js';
import { reportOf } from '../state/report.js';
import { RunState } from '../state/RunState.js';
import { isSuccess } from '../state/schedule.js';
import { capture, type Snapshot } from '../state/Snapshot.js';
import { commandJson, step, type Transition } from '../state/step.js';
import type { World } from '../state/Turn.js';
import { inputsOf, outputOf } from '../state/values.js';
import { Attempt, type Workshop } from './Attempt.js';
import type { DagRun } from './DagRun.js';
import { Deadline } from './Deadline.js';
import type { EventStore } from './EventStore.js';
import { History } from './History.js';
import { HookRunner, commandInput } from './HookRunner.js';
import { realPacer } from './macrotask.js';
import { persist } from './persist.js';
import type { Posted } from './Posted.js';
import { RunCache, cacheEntries } from './RunCache.js';
import { serialize } from './serialize.js';
import { Timers } from './Timers.js';

/** All that a run is made of. */
export interface RunParts {
  readonly runId: string;
  readonly plan: Plan;
  readonly config: DagConfig;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly registry: ActionRegistry;
  readonly library: (name: string) => Plan | undefined;
  readonly hooks: readonly Hook[];
  readonly cache: Cache | undefined;
  readonly appData: unknown;
  readonly store: EventStore | undefined;
  readonly scheduler: SchedulerLike | undefined;
  readonly random: () => number;
  readonly signal: AbortSignal | undefined;
  /** Called when the run has settled, before anything asynchronous can lie between. */
  readonly settled: (report: DagExecutionReport) => void;
}

const REFUSALS_MAX = 1_000;

/**
 * Wires the loop and lets it go: inputs come in by one inbox, are stepped one at a time, stored where there is a store,
 * and published; actions, hooks and timers are listeners whose outcomes come back into the inbox.
 */
export const startRun = (parts: RunParts): DagRun => {
  const { runId, plan, config, registry, store, random } = parts;
  const dagName = plan.name;
  const scheduler = parts.scheduler ?? asyncScheduler;
  const timers = new Timers(scheduler);
  const state = new RunState(runId, dagName);
  const agenda = new Agenda(state);
  state.listener = agenda;
  state.maxParallelNodes = config.maxParallelNodes;
  const test = keyTest(config.redact);
  if (test !== undefined) state.vault = { test, inputs: parts.inputs, outputs: new Map(), bound: new Map(plan.bound) };

  const inbox = new Subject<Posted>();
  const event$ = new Subject<ExecutionEvent>();
  const snapshot$ = new Subject<ExecutorSnapshot>();
  const history = new History(config.history ? config.historyEvents : 10_000);
  const attempts = new Map<number, Attempt>();
  const refusedCommands: CommandRefusal[] = [];
  const hookFailures: { hook: string; error: Failure }[] = [];
  const warnings = [...plan.warnings];
  let refusals = 0;
  let broken: EngineError | undefined;
  let isOver = false;

  // What the world sees: with a store, the state of the last transition that is stored.
  let shown: Snapshot = capture(state);
  const current = (): Snapshot => (store === undefined && shown.seq !== state.seq ? (shown = capture(state)) : shown);

  const post = (input: Posted): void => inbox.next(input);
  const cache =
    parts.cache ??
    new RunCache({
      of: (id) => {
        const index = state.find(id);
        return index === undefined ? undefined : outputOf(state, index);
      },
      *ids() {
        for (let index = 0; index < state.nodes.size; index++) if (state.nodes.get(index).output !== undefined) yield state.nodes.get(index).spec.id;
      },
    });

  const hooks = new HookRunner(
    {
      runId,
      dagName,
      cache,
      appData: parts.appData,
      timers,
      hookTimeoutMs: config.hookTimeoutMs,
      hookBacklog: config.hookBacklog,
      commandBudget: config.commandBudget,
      post,
      snapshot: current,
      eventsFrom: (seq) => history.from(seq),
      indexOf: (nodeId) => state.find(nodeId),
      isSuccess: () => isSuccess(state),
      hold: (index) => agenda.hold(index),
      mark: (index, hook, on) => {
        const names = state.nodes.get(index).extra?.heldBy ?? [];
        const left = on ? [...names, hook] : names.filter((_, i) => i !== names.indexOf(hook));
        state.extend(index, { heldBy: left.length === 0 ? undefined : left });
      },
    },
    parts.hooks,
  );
  const world: World = { actions: registry, library: parts.library, gates: hooks.hasGates };
  const workshop: Workshop = {
    runId,
    dagName,
    cache,
    appData: parts.appData,
    graceMs: config.graceMs,
    timers,
    random,
    post,
    ended: (attempt) => {
      if (attempts.get(attempt.at) === attempt) attempts.delete(attempt.at);
    },
  };
  const deadline = new Deadline(config.timeoutMs, timers, () => post({ type: 'Deadline' }));

  // ── the loop ──────────────────────────────────────────────────────────────────────────────────────────────────────
  let dirty = false; // something happened since the last Schedule
  let unstored = 0; // transitions that wait for the store
  const idle = (): Posted | undefined => {
    if (!dirty || unstored > 0 || isOver) return undefined;
    dirty = false;
    return { type: 'Schedule', open: hooks.isOpen, full: hooks.isFull };
  };
  const hear = (input: Posted): Published => {
    const transition = step(state, agenda, world, input, timers.now());
    if (input.type !== 'Schedule' || (transition.events.length > 0 && !hasOpenNodes(state))) dirty = true;
    if (store === undefined) return transition;
    unstored++;
    return { ...transition, snapshot: transition.events.length > 0 ? capture(state) : undefined };
  };
  const nudge = (): void => {
    unstored = 0;
    post({ type: 'Answered', node: undefined });
  };
  const begin = (go: () => void): void => {
    if (parts.scheduler === undefined) queueMicrotask(go);
    else timers.set(0, go);
  };
  const published$ = inbox.pipe(
    serialize(idle, begin, parts.scheduler === undefined ? realPacer() : undefined),
    map(hear),
    store === undefined
      ? identity
      : persist(store, runId, () => hooks.answered(), (ms, then) => void timers.set(ms, then), { id: `${runId}#${timers.now()}`, startedAt: timers.now() }, nudge),
  );

  /** Shows one transition: its events to hooks and subscribers, then its snapshot; then lets its effects out. */
  const publish = ({ input, events, launches, refusal, snapshot }: Published): void => {
    const posted: Posted = input;
    if (events.length > 0) {
      if (snapshot !== undefined) shown = snapshot;
      const root = posted.root ?? (events.length > 0 && hooks.count > 0 ? newRoot(timers.now()) : undefined);
      for (const event of events) {
        history.append(event);
        hooks.deliver(event, root);
        event$.next(event);
        if (event.type !== 'NodeStarted') effect(event);
      }
      history.tell();
      if (snapshot$.observed) snapshot$.next(current());
    }
    for (const index of launches) launch(index);
    if (refusal !== undefined) refused(posted, refusal);
    else if (posted.done !== undefined)
      posted.done({ _tag: 'Right', right: { seq: events[events.length - 1]?.seq ?? state.seq, added: events.flatMap((event) => (event.type === 'NodeAdded' ? [event.node.id!] : [])) } });
    deadline.update(state);
    if (state.endedAt !== undefined && events.some(({ type }) => type === 'RunSettled')) settle();
  };

  /** What an event sets going outside: timers, aborts, gates. */
  const effect = (event: ExecutionEvent): void => {
    switch (event.type) {
      case 'NodeSucceeded':
        if (parts.cache !== undefined) for (const [key, value] of cacheEntries(outputOf(state, state.find(event.nodeId)!) ?? null)) parts.cache.insertValue(event.nodeId, key, value);
        return;
      case 'NodeRetryScheduled': {
        const index = state.find(event.nodeId)!;
        timers.set(event.delayMs, () => post({ type: 'RetryDue', index, attempt: event.attempt }));
        return;
      }
      case 'NodeWaiting': {
        if (event.until === undefined) return;
        const index = state.find(event.nodeId)!;
        const { attempt } = state.nodes.get(index);
        timers.set(event.until - event.at, () => post({ type: 'InputTimeout', index, attempt }));
        return;
      }
      case 'NodeStarting': {
        const index = state.find(event.nodeId)!;
        const node = current().node(event.nodeId);
        if (node !== undefined) hooks.ask({ index, seq: event.seq, node });
        return;
      }
      case 'RunCancelling':
      case 'BranchCancelled':
        for (const attempt of attempts.values()) if (event.type === 'RunCancelling' || isCut(state, attempt.at)) attempt.stop('cancel');
        return;
      case 'NodeFailed': {
        const { failureAction } = state.nodes.get(state.find(event.nodeId)!).spec;
        if (failureAction !== undefined && !registry.has(failureAction)) warnings.push(`The failure action "${failureAction}" of node "${event.nodeId}" is not registered; it did not run.`);
        return;
      }
      case 'HookFailed':
        if (hookFailures.length < REFUSALS_MAX) hookFailures.push({ hook: event.hook, error: event.error });
        return;
      default:
    }
  };

  const launch = (index: number): void => {
    const { spec, attempt, status } = state.nodes.get(index);
    if (status !== N.RUNNING) return;
    const started = new Attempt(workshop, index, spec, attempt);
    attempts.set(index, started);
    started.run(registry.get(spec.action), () => inputsOf(state, index));
    if ((state.cancelling !== undefined || isCut(state, index)) && attempts.get(index) === started) started.stop('cancel');
  };

  const refused = (input: Posted, { type, reason }: { readonly type: string; readonly reason: string }): void => {
    const command = input.type === 'Command' ? commandJson(input.command) : input.type === 'Malformed' ? input.command : null;
    const refusal: CommandRefusal = { command, reason, type };
    if (state.endedAt === undefined && refusals++ < REFUSALS_MAX) refusedCommands.push(refusal);
    input.done?.({ _tag: 'Left', left: refusal });
  };

  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  let resolve: (report: DagExecutionReport) => void;
  let reject: (error: EngineError) => void;
  const report = new Promise<DagExecutionReport>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  report.catch(() => undefined); // an engine error is told on every stream; whoever does not ask for the report is not killed by it

  const close = (): void => {
    isOver = true;
    timers.clear();
    hooks.end();
    parts.signal?.removeEventListener('abort', aborted);
  };
  const settle = (): void => {
    close();
    if (refusals > REFUSALS_MAX) warnings.push(`${refusals - REFUSALS_MAX} more commands were refused than are listed.`);
    const told = reportOf(current(), { warnings, refusedCommands, hookFailures, outputs: state.vault?.outputs });
    event$.complete();
    history.end();
    snapshot$.complete();
    resolve(told);
    parts.settled(told);
  };
  const fail = (error: unknown): void => {
    if (isOver) return;
    broken = error instanceof EngineError ? error : new EngineError(`The engine is broken: ${String((error as Error | undefined)?.message ?? error)}`, { cause: error });
    close();
    for (const attempt of attempts.values()) attempt.stop('cancel');
    event$.error(broken);
    history.end(broken);
    snapshot$.error(broken);
    reject(broken);
  };
  const aborted = (): void => void ask({ type: 'CancelRun', reason: 'the signal was aborted' });

  const ask = (command: ExecutorCommand): Promise<{ _tag: 'Left'; left: CommandRefusal } | { _tag: 'Right'; right: { seq: number } }> =>
    new Promise((done) => {
      if (isOver) done({ _tag: 'Left', left: { command: commandJson(Object(command)), reason: broken?.message ?? 'The run has ended.', type: broken === undefined ? 'RunEnded' : 'EngineError' } });
      else
        post(
          commandInput(command, { by: 'user' }, undefined, (answer) =>
            done(answer._tag === 'Left' ? { _tag: 'Left', left: answer.left } : { _tag: 'Right', right: { seq: answer.right.seq } }),
          ),
        );
    });

  published$.subscribe({
    next: (transition) => {
      try {
        publish(transition);
      } catch (error) {
        fail(error);
      }
    },
    error: fail,
  });
  post({ type: 'Start', plan, runId, dagName, config, inputs: parts.inputs });
  if (parts.signal?.aborted === true) aborted();
  else parts.signal?.addEventListener('abort', aborted, { once: true });

  return {
    runId,
    dagName,
    event$: event$.asObservable(),
    eventsFrom: (seq) => (broken === undefined ? history.from(seq) : throwError(() => broken)),
    snapshot$: new Observable((subscriber) => {
      if (broken !== undefined) return subscriber.error(broken);
      let seq = -1;
      const show = (snapshot: ExecutorSnapshot): void => {
        if (snapshot.seq === seq) return;
        seq = snapshot.seq;
        subscriber.next(snapshot);
      };
      show(current());
      return (isOver ? EMPTY : snapshot$).subscribe({ next: show, error: (error: unknown) => subscriber.error(error), complete: () => subscriber.complete() });
    }),
    get snapshot() {
      return current();
    },
    dispatch: ask,
    cancel: (reason) => ask({ type: 'CancelRun', ...(reason === undefined ? {} : { reason }) }).then(() => report),
    report,
    [Symbol.asyncIterator]: () => iterate(history),
  };
};

/** A transition on its way out; with a store it carries the snapshot that was taken when it was made. */
type Published = Transition & { readonly snapshot?: Snapshot | undefined };

const newRoot = (since: number): object => ({ since, used: new Map() });

const hasOpenNodes = ({ counts }: RunState): boolean => {
  for (let status = N.PENDING; status <= N.RETRYING; status++) if (counts[status]! > 0) return true;
  return false;
};

/**
 * The log as an async iterator. It is told that there is more and reads on where it stands, so a slow reader costs
 * nothing but its place; `return` ends a `next` that waits.
 */
const iterate = (history: History): AsyncIterator<ExecutionEvent> => {
  const stop = new Subject<void>();
  const waker = latestValueFrom(
    new Observable<number>((subscriber) => {
      stop.subscribe(() => subscriber.complete());
      return history.last$.subscribe(subscriber);
    }),
  );
  let next = 1;
  let last = 0;
  let over = false;
  const over$ = (): IteratorResult<ExecutionEvent> => ({ done: true, value: undefined });
  return {
    async next() {
      while (!over && next > last) {
        const told = await waker.next();
        if (told.done === true) {
          if (history.last >= next && !over) last = history.last;
          else over = true;
        } else last = told.value;
      }
      return over ? over$() : { done: false, value: history.at(next++) };
    },
    return() {
      over = true;
      stop.next();
      return Promise.resolve(over$());
    },
  };
};
