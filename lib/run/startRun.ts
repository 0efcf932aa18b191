import { asyncScheduler, identity, map, throwError } from 'rxjs';
import type { EngineError } from '../define/DagError.js';
import type { DagExecutionReport } from '../model/DagExecutionReport.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { failureOf } from '../model/Failure.js';
import { Agenda } from '../state/Agenda.js';
import { reportOf } from '../state/report.js';
import { RunState } from '../state/RunState.js';
import { hasWork, isSuccess } from '../state/schedule.js';
import { capture, withHolders, type Snapshot } from '../state/Snapshot.js';
import { step, type Transition } from '../state/step.js';
import { Turn } from '../state/Turn.js';
import { newVault } from '../state/Vault.js';
import { asEngineError, left } from './asEngineError.js';
import { Askers, askedFor, refusedAfterEnd } from './Askers.js';
import type { DagRun } from './DagRun.js';
import { Deadline } from './Deadline.js';
import { Effects } from './Effects.js';
import { jobsOf, worldOf } from './elsewhere.js';
import type { StoreError } from './EventStore.js';
import { History } from './History.js';
import { HookRunner } from './HookRunner.js';
import type { Root } from './InstalledHook.js';
import { iterateLog } from './iterateLog.js';
import { macrotask, Pacer } from './macrotask.js';
import { Notebook } from './Notebook.js';
import { persist, type KeptLog } from './persist.js';
import { promised } from './promised.js';
import type { Posted } from './Posted.js';
import { runCache } from './RunCache.js';
import { RunIndex } from './RunIndex.js';
import { remember } from './remember.js';
import type { RunParts } from './RunParts.js';
import { serialize } from './serialize.js';
import type { Stage } from './Stage.js';
import { Emitter, fromCurrent, guarded } from './streams.js';
import { Timers } from './Timers.js';
import { Trouble } from './Trouble.js';

type Published = Transition & { readonly input: Posted };

/** How many events a run keeps in memory that has a store, or keeps no history. */
const WINDOW = 10_000;

/**
 * Wires the loop and lets it go: inputs come in by one inbox, are stepped one at a time, stored where there is a store,
 * and published; actions, hooks and timers are listeners whose outcomes come back into the inbox.
 */
export const startRun = (parts: RunParts): DagRun => {
  const { runId, plan, config, registry, store, past } = parts;
  const dagName = plan.name;
  const timers = new Timers(parts.scheduler ?? asyncScheduler, past?.events.at(-1)?.at);
  const state = new RunState(runId, dagName);
  const agenda = (state.listener = new Agenda(state, parts.estimates));
  state.vault = newVault(config.redact, plan, parts.inputs);
  const inbox = new Emitter<Posted>();
  const event$ = new Emitter<ExecutionEvent>();
  const snapshot$ = new Emitter<ExecutorSnapshot>();
  const history = new History(
    config.history && store === undefined ? config.historyEvents : WINDOW,
    store && ((seq) => store.read(runId, seq)),
  );
  const notes = new Notebook([...plan.warnings], registry);
  const askers = new Askers();
  const post = (input: Posted): void => {
    askers.note(input);
    inbox.next(input);
  };
  const wake = (): void => post({ type: 'Answered', node: undefined }); // to a Schedule
  let share = parts.slots?.join(wake, parts.scheduler, parts.weight);

  // What the world sees: with a store, the state after the last transition that is stored.
  let shown: Snapshot = capture(state);
  const current = (): Snapshot => (store === undefined && shown.seq !== state.seq ? (shown = capture(state)) : shown);

  const isShown = (index: number): boolean =>
    index < shown.inner.nodes.size && shown.inner.nodes.get(index).output !== undefined;
  const cache = parts.cache ?? runCache(state, store === undefined ? () => true : isShown);
  const stage: Stage = {
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
      const heldBy = left.length === 0 ? undefined : left;
      state.extend(index, { heldBy });
      if (index < shown.inner.nodes.size) shown = withHolders(shown, index, heldBy);
    },
    openWork: 0,
    backlogged: 0,
    isOver: false,
    replaying: false,
    known: past?.known ?? new Map(),
  };
  // The loop. It stands still until all is in place, so that RunStarted comes first, and then what hooks ask at once.
  let begin: () => void = () => undefined;
  const ownerId = past?.ownerId ?? `${runId}#${state.owner}.${parts.random()}`; // no other start has it, in this process or another
  const index = new RunIndex(plan, state);
  const log: KeptLog = { runId, ownerId, answered: () => hooks.answered(), index, past, epoch: past?.epoch };
  const trouble = new Trouble<StoreError>('store', timers, post);
  const jobs = jobsOf(parts, state, log, timers, post);
  const [pacer, later] =
    parts.scheduler === undefined ? [new Pacer(), macrotask] : [undefined, (work: () => void) => queueMicrotask(work)];
  inbox
    .pipe(
      serialize(idle, (go) => (begin = go), pacer), // one at a time, then a Schedule
      map(hear), // decide, reduce, schedule: pure
      store === undefined
        ? identity
        : persist<Published>(store, log, timers, { later, seal, stored, trouble: trouble.hear }), // write-ahead
    )
    .subscribe({ next: publish, error: fail });
  post(
    past === undefined ? { type: 'Start', plan, runId, dagName, config, inputs: parts.inputs } : { type: 'Recover' },
  );

  const hooks = new HookRunner(stage, parts.hooks);
  const turn = new Turn(state, agenda, worldOf(parts, jobs, hooks.hasGates));
  const effects = new Effects(
    state,
    registry,
    hooks,
    {
      runId,
      dagName,
      cache,
      appData: parts.appData,
      results: state.vault === undefined ? parts.results : undefined,
      again: past?.again ?? [],
      isKept: store !== undefined,
      graceMs: config.graceMs,
      timers,
      random: parts.random,
      jobs,
      post,
    },
    parts.cache,
    current,
  );
  const deadline = new Deadline(config.timeoutMs, timers, () => post({ type: 'Deadline' }));

  let isDirty = false; // something happened since the last Schedule
  let isStoring = false;
  // Whoever watches sees each transition by itself, and may answer what ended before more begins. Where nobody does, both
  // go into one append, and no state between is handed out.
  const isWatched = (): boolean => !hooks.isEmpty || event$.observed || snapshot$.observed || history.isFollowed;
  function idle(): Posted | undefined {
    if (!isDirty || stage.isOver || (isStoring && isWatched())) return undefined;
    isDirty = false;
    return { type: 'Schedule', open: stage.openWork > 0, full: stage.backlogged > 0, slots: share?.granted };
  }
  function hear(input: Posted): Published {
    const transition: Published = step(turn, input, timers.now());
    share?.settle(state.slots, turn.wants);
    const isChange = transition.events.length > 0;
    if (input.type !== 'Schedule' || (isChange && (agenda.hasMore || !hasWork(state)))) isDirty = true;
    if (store !== undefined && isChange) {
      isStoring = true;
      if (isWatched()) transition.snapshot = capture(state);
    }
    return transition;
  }
  /** With the first of an append its last state is shown, unless each has its own. */
  function seal(batch: readonly Published[]): void {
    if (batch.some(({ events, snapshot }) => events.length > 0 && snapshot === undefined))
      batch[0]!.snapshot = capture(state);
  }
  function stored(): void {
    isStoring = false;
    wake();
  }

  /** Shows one transition: its events to hooks and subscribers, then its snapshot; then lets its effects out. */
  function publish({ input, events, launches, refusal, snapshot }: Published): void {
    try {
      if (snapshot !== undefined && snapshot.seq > shown.seq) shown = snapshot;
      if (events.length > 0) {
        const root: Root = (input.root as Root | undefined) ?? { since: 0, used: undefined };
        for (const event of events) {
          history.append(event);
          if (!hooks.isEmpty) hooks.deliver(event, root);
          event$.next(event);
        }
        history.tell();
        if (snapshot$.observed) snapshot$.next(current());
        for (const event of events) {
          if (event.type === 'NodeStarted') continue;
          effects.apply(event);
          notes.hear(event, state);
        }
        for (const index of launches) effects.launch(index, input.type === 'Recover');
        deadline.update(state);
      }
      if (refusal !== undefined) {
        const told = notes.refuse(input, refusal, events[events.length - 1]);
        askers.tell(input, { _tag: 'Left', left: told });
      } else if (input.done !== undefined) {
        const added = events.flatMap((event) => (event.type === 'NodeAdded' ? [event.node.id!] : []));
        askers.tell(input, { _tag: 'Right', right: { seq: events[events.length - 1]?.seq ?? current().seq, added } });
      }
      if ((events.at(-1) ?? (input.type === 'Recover' ? past?.events.at(-1) : undefined))?.type === 'RunSettled')
        settle();
    } catch (error) {
      fail(error);
    }
  }

  // The end.
  let broken: EngineError | undefined;
  const { promise: report, resolve, reject } = promised<DagExecutionReport, EngineError>(); // every stream tells of an engine error
  function close(): void {
    share?.settle(0, 0); // where that throws, the run is not over yet
    timers.clear();
    hooks.end();
    parts.signal?.removeEventListener('abort', abort);
  }
  function settle(): void {
    close();
    const told = reportOf(current(), notes.close(state.vault?.outputs));
    resolve(told);
    event$.complete();
    history.end();
    snapshot$.complete();
    parts.settled(told);
  }
  function fail(error: unknown): void {
    if (stage.isOver) return;
    broken = asEngineError(error);
    try {
      share?.settle(0, 0);
    } catch {
      // It is told already why the run ends.
    }
    share = undefined;
    inbox.complete(); // lets go of the store
    jobs?.leaveAll(); // whoever has the run now waits for them
    effects.stop(() => true);
    close();
    reject(broken);
    askers.refuseAll(broken.message);
    event$.error(broken);
    history.end(broken);
    snapshot$.error(broken);
  }
  const ask = (command: ExecutorCommand): ReturnType<DagRun['dispatch']> =>
    stage.isOver ? refusedAfterEnd(command, broken) : askedFor(command, post);
  let isCancelAsked = false; // asking again would only be refused
  const abort = (): void => void ask({ type: 'CancelRun', reason: 'the signal was aborted' });

  if (past !== undefined) {
    remember(past, { turn, plan, deadline, history, notes });
    shown = capture(state);
    hooks.replay(past);
  }
  if (parts.scheduler === undefined) queueMicrotask(begin);
  else timers.set(0, begin);
  if (parts.signal?.aborted === true) abort();
  else parts.signal?.addEventListener('abort', abort, { once: true });

  return {
    runId,
    dagName,
    event$: guarded(event$),
    eventsFrom: (seq) => (broken === undefined ? history.from(seq) : throwError(() => broken)),
    snapshot$: fromCurrent(current, snapshot$),
    get snapshot() {
      return current();
    },
    get storeFault() {
      return trouble.error;
    },
    get hookWork() {
      return stage.openWork;
    },
    dispatch: ask,
    cancel(reason?: unknown) {
      if (!isCancelAsked && state.cancelling === undefined)
        void ask({ type: 'CancelRun', ...(reason !== undefined && { reason: failureOf(reason).message }) });
      isCancelAsked = true;
      return report;
    },
    leave: () => fail(left(runId)),
    report,
    [Symbol.asyncIterator]: () => iterateLog(history),
  };
};
