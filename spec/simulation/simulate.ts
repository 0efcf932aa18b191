import { Observable, Subscription, type SchedulerLike } from 'rxjs';
import {
  ActionRegistry,
  DagExecutor,
  action,
  initialSnapshot,
  memoryStore,
  reduce,
  type DagRun,
  type EventStore,
  type NodeContext,
} from '../../lib/index.js';
import type { EventOf, ExecutionEvent } from '../../lib/model/ExecutionEvent.js';
import type { ExecutorCommand } from '../../lib/model/ExecutorCommand.js';
import type { ExecutorSnapshot } from '../../lib/model/ExecutorSnapshot.js';
import { isFinal } from '../../lib/model/Status.js';
import { VirtualTime, checkLog, describeEvent } from '../../lib/testing/index.js';
import { behaviourOf, hash, outputOf, type Behaviour, type Case } from '../support/Case.js';
import { Reference } from '../support/reference.js';
import { hooksOf } from './hooksOf.js';
import { planFor } from './randomPlan.js';

/** What came of one simulated run. */
export interface Played {
  readonly events: readonly ExecutionEvent[];
  readonly snapshot: ExecutorSnapshot;
  /** What was wrong, in words. */
  readonly wrong: readonly string[];
  /** The commands that the harness gave to bring the run to its end, whenever it had come to rest. */
  readonly nudges: readonly Round[];
}

/** Commands that are given one right after the other. */
interface Round {
  readonly atMs: number;
  readonly commands: readonly ExecutorCommand[];
}

/** How much is looked at: everything costs several times the run itself. */
export interface Depth {
  /** Subscribes to snapshots and holds every one of them against the fold of the log, then and at the end. */
  readonly snapshots: boolean;
  /** Runs it again and expects the same log. */
  readonly twice: boolean;
  /** Runs it again with hooks that only watch, and fail, and expects the same. */
  readonly watched: boolean;
}

/** Longer than anything in a plan lasts, the answers of hooks included: who waits so long waits for the harness. */
const LEAP_MS = 100_000;
const ROUNDS_MAX = 1_000;

/** Simulates the run of a seed and gives what is wrong with it: nothing, if all is well. */
export const simulate = async (seed: number): Promise<readonly string[]> => check(planFor(seed), depthOf(seed));

/** How deeply a seed is looked into. */
export const depthOf = (seed: number): Depth => {
  const h = hash(seed, 'depth') % 100;
  return { snapshots: h < 3, twice: h >= 3 && h < 5, watched: h >= 5 && h < 7 };
};

/** Plays a plan and checks all that must hold. */
export const check = async (c: Case, depth: Depth): Promise<readonly string[]> => {
  const played = await play(c, depth.snapshots && c.graph.nodes.length <= 80);
  const wrong = [...played.wrong];
  if (wrong.length > 0) return wrong;
  if (c.hooks.length === 0 && c.storeTurns === undefined) wrong.push(...againstReference(c, played));
  if (depth.twice && c.storeTurns === undefined) {
    const again = await play(c, false);
    if (textOf(again.events) !== textOf(played.events))
      wrong.push(`a second run differs: ${firstDifference(played.events, again.events)}`);
  }
  const mayWatch = c.config.onHookError !== 'failRun' && c.storeTurns === undefined && c.hooks.length === 0;
  if (depth.watched && mayWatch) {
    const watched = await play({ ...c, hooks: WATCHERS }, false);
    const bare = (events: readonly ExecutionEvent[]): readonly ExecutionEvent[] =>
      events.filter(({ type }) => type !== 'HookFailed').map((event) => ({ ...event, seq: 0 }));
    const [without, beside] = [bare(played.events), bare(watched.events)];
    if (textOf(without) !== textOf(beside))
      wrong.push(`hooks that only watch change the run: ${firstDifference(without, beside)}`);
  }
  return wrong;
};

const WATCHERS: Case['hooks'] = [
  { kind: 'fails', how: 'throws', trigger: { on: 'NodeStarted', nth: 1 }, observe: true },
  { kind: 'fails', how: 'errors', trigger: { on: 'NodeSucceeded', nth: 2 }, observe: true },
  { kind: 'fails', how: 'nonsense', trigger: { on: 'NodeSucceeded', nth: 1 }, observe: true },
];

const textOf = (events: readonly ExecutionEvent[]): string =>
  events.map((event) => JSON.stringify(event, withoutStack)).join('\n');

/** A stack names the place in the harness. */
const withoutStack = (key: string, value: unknown): unknown => (key === 'stack' ? undefined : value);

const firstDifference = (a: readonly ExecutionEvent[], b: readonly ExecutionEvent[]): string => {
  const at = a.findIndex((event, i) => JSON.stringify(event, withoutStack) !== JSON.stringify(b[i], withoutStack));
  const show = (event: ExecutionEvent | undefined): string =>
    event === undefined ? 'nothing' : `${event.at} ${describeEvent(event)}`;
  return `event ${at + 1} is "${show(a[at])}" and "${show(b[at])}"${show(a[at]) === show(b[at]) ? `: ${textDifference(JSON.stringify(a[at]), JSON.stringify(b[at]))}` : ''}`;
};

/** An action that does what the plan says, on the virtual clock alone. */
export const workOf = (behaviour: (id: string) => Behaviour, scheduler: SchedulerLike) =>
  action('work', (ctx: NodeContext): unknown => {
    const { ms, fails, hangs = false, progress = 0 } = behaviour(ctx.nodeId);
    const fail = (): Error => Object.assign(new Error(`attempt ${ctx.attempt} of ${ctx.nodeId}`), { stack: undefined });
    if (ms === 0 && !hangs) {
      for (let k = 0; k < progress; k++) ctx.progress(k);
      if (ctx.attempt <= fails) throw fail();
      return outputOf(ctx.nodeId);
    }
    return new Observable((subscriber) => {
      const timers = new Subscription();
      for (let k = 1; k <= progress; k++)
        timers.add(scheduler.schedule(() => subscriber.next(k), (k * ms) / (progress + 1)));
      if (!hangs)
        timers.add(
          scheduler.schedule(() => {
            if (ctx.attempt <= fails) subscriber.error(fail());
            else {
              subscriber.next(outputOf(ctx.nodeId));
              subscriber.complete();
            }
          }, ms),
        );
      return timers;
    });
  });

/** A memory store whose answers take some turns of the event loop, and a way to wait until it has given them all. */
const lateStore = (turns: number): { readonly store: EventStore; rest(): Promise<void> } => {
  const inner = memoryStore();
  let open = 0;
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  const late =
    <A extends readonly unknown[], R>(method: (...args: A) => () => Promise<R>) =>
    (...args: A) =>
    async (): Promise<R> => {
      open++;
      for (let i = 0; i < turns; i++) await turn();
      const answer = await method(...args)();
      open--;
      return answer;
    };
  return {
    store: { ...inner, acquire: late(inner.acquire), append: late(inner.append), release: late(inner.release) },
    rest: async () => {
      for (let still = 0; still < 2; still = open > 0 ? 0 : still + 1) await turn();
    },
  };
};

/** A command that brings a run on which nothing else would move. */
export const nudgesFor = (snapshot: ExecutorSnapshot): readonly ExecutorCommand[] => {
  if (snapshot.status === 'paused') return [{ type: 'ResumeRun' }];
  const paused = [...snapshot.branches()].filter(({ status }) => status === 'paused');
  if (paused.length > 0) return paused.map(({ id }) => ({ type: 'ResumeBranch', branchId: id }));
  return [...snapshot.nodes()]
    .filter(
      ({ id, status }) =>
        status === 'waiting' && (snapshot.whyNotStarted(id)?.on.some((why) => 'input' in why) ?? false),
    )
    .map(({ id }) => ({ type: 'ProvideInput', nodeId: id, value: { n: 1, ok: true, list: [] } }));
};

interface Dispatched {
  readonly command: ExecutorCommand;
  answer?: 'accepted' | 'refused';
}

/** Plays a plan on the engine under virtual time, to its end. */
export const play = async (c: Case, withSnapshots: boolean): Promise<Played> => {
  const time = new VirtualTime();
  const wrong: string[] = [];
  const registry = new ActionRegistry().register(workOf(behaviourOf(c), time));
  const kept = c.storeTurns === undefined ? undefined : lateStore(c.storeTurns);
  const executor = new DagExecutor({
    registry,
    scheduler: time,
    random: () => 0.5,
    ...(kept === undefined ? {} : { store: kept.store }),
  });
  for (const graph of c.library) {
    const loaded = executor.load({ ...graph, config: { pools: c.config.pools ?? {} } });
    if (loaded._tag === 'Left')
      throw new Error(`the plan's library is no good: ${loaded.left.map(({ message }) => message).join(' ')}`);
  }
  const run = executor.start(c.graph, {
    runId: `run-${c.seed}`,
    inputs: c.inputs,
    config: { timeoutMs: 10_000_000, ...c.config },
    hooks: hooksOf(c.hooks, time),
  });

  const events: ExecutionEvent[] = [];
  const others: ExecutionEvent[] = [];
  const borders: number[] = [];
  const snapshots: (readonly [ExecutorSnapshot, string])[] = [];
  let completed = 0;
  let settled = false;
  let leftovers = 0;
  let ahead = c.commands.length;
  run.event$.subscribe({
    next: (event) => {
      events.push(event);
      if (event.type === 'RunSettled') settled = true;
    },
    complete: () => {
      completed++;
      leftovers = time.pending - ahead;
    },
    error: (error: unknown) => wrong.push(`event$ fails: ${String(error)}`),
  });
  run.event$.subscribe((event) => others.push(event));
  if (withSnapshots)
    run.snapshot$.subscribe({
      next: (snapshot) => {
        borders.push(snapshot.seq);
        snapshots.push([snapshot, JSON.stringify(snapshot.toJSON())]);
      },
      complete: () => completed++,
    });

  const dispatched: Dispatched[] = [];
  const dispatch = (command: ExecutorCommand): void => {
    const entry: Dispatched = { command };
    dispatched.push(entry);
    void run.dispatch(command).then((answer) => (entry.answer = answer._tag === 'Right' ? 'accepted' : 'refused'));
  };
  for (const { atMs, command } of c.commands)
    time.schedule(() => {
      ahead--;
      dispatch(command);
    }, atMs);

  const nudges: Round[] = [];
  for (let round = 0; !settled && wrong.length === 0; round++) {
    await advance(time, () => settled, kept?.rest);
    if (settled) break;
    const next = nudgesFor(run.snapshot);
    if (next.length === 0 || round > ROUNDS_MAX) {
      wrong.push(
        `the run never settles: at ${time.now()} ms it is ${run.snapshot.status}, ${stuckNodes(run.snapshot)}`,
      );
      break;
    }
    nudges.push({ atMs: time.now(), commands: next });
    for (const command of next) dispatch(command);
  }
  if (settled) {
    time.flush({ maxActions: 100_000 });
    await new Promise((resolve) => setImmediate(resolve));
    await kept?.rest();
    wrong.push(...(await checkEnd(run, events)));
    if (leftovers > 0 && c.hooks.length === 0)
      wrong.push(`I19 (G8): ${leftovers} timers are left when the run has settled`);
    if (completed !== (withSnapshots ? 2 : 1)) wrong.push('I12 (G1): a stream has not completed with the run');
    const unanswered = dispatched.find(({ answer }) => answer === undefined);
    if (unanswered !== undefined) wrong.push(`G5: a command was never answered: ${JSON.stringify(unanswered.command)}`);
    const refusals = dispatched.filter(({ answer }) => answer === 'refused').length;
    const told = events.filter(({ type, by }) => type === 'CommandRefused' && by === 'user').length;
    if (told > refusals) wrong.push(`G5: ${told} refusals are told, but only ${refusals} were given`);
  }
  wrong.unshift(...checkLog(events).map(({ message }) => message));
  wrong.push(...checkGates(c, events), ...checkHolds(c, events, run.snapshot));
  if (events.some((event) => event.type === 'RunCancelling' && event.origin === 'deadline'))
    wrong.push('the run was stopped by its deadline: it had come to a standstill');
  if (others.length !== events.length || others.some((event, i) => event !== events[i]))
    wrong.push('I12 (G1): two subscribers saw different events');
  if (withSnapshots && wrong.length === 0)
    wrong.push(
      ...checkSnapshots(events, snapshots),
      ...checkPromptness(c, events, borders),
      ...checkConsequences(c, events, borders, run.snapshot),
    );
  return { events, snapshot: run.snapshot, wrong, nudges };
};

/** Lets virtual time pass until the run has settled, or nothing happens before somebody moves it. */
const advance = async (
  time: VirtualTime,
  done: () => boolean,
  rest: (() => Promise<void>) | undefined,
): Promise<void> => {
  for (let steps = 0; !done(); steps++) {
    if (steps > 100_000) throw new Error('the run does not come to rest');
    await rest?.();
    const { nextAt } = time;
    if (done() || nextAt === undefined || nextAt > time.now() + LEAP_MS) return;
    time.step();
  }
};

const stuckNodes = (snapshot: ExecutorSnapshot): string =>
  [...snapshot.nodes()]
    .filter(({ status }) => !isFinal(status))
    .slice(0, 8)
    .map(({ id, status }) => `"${id}" is ${status} ${JSON.stringify(snapshot.whyNotStarted(id)?.on ?? [])}`)
    .join(', ');

/** What must hold of a run that has settled. */
const checkEnd = async (run: DagRun, events: readonly ExecutionEvent[]): Promise<readonly string[]> => {
  const wrong: string[] = [];
  const { snapshot } = run;
  const live = JSON.stringify(snapshot.toJSON());
  const folded = JSON.stringify(events.reduce(reduce, initialSnapshot()).toJSON());
  if (live !== folded)
    wrong.push(`I10 (G11): the fold of the log differs from the live state: ${textDifference(live, folded)}`);
  const kept: ExecutionEvent[] = [];
  run.eventsFrom(1).subscribe((event) => kept.push(event));
  if (kept.length > 0 && (kept.length !== events.length || kept.some((event, i) => event !== events[i])))
    wrong.push(`I12 (G1): eventsFrom(1) gives ${kept.length} events, event$ gave ${events.length}`);
  const report = await run.report;
  const last = events[events.length - 1];
  if (last?.type !== 'RunSettled') return [...wrong, `I7 (G5): the last event is ${last?.type}`];
  if (
    report.status !== last.status ||
    report.success !== last.success ||
    report.overallSuccess !== last.success ||
    snapshot.status !== last.status
  )
    wrong.push(`I7 (G7): report and snapshot say ${report.status} and ${snapshot.status}, the log ${last.status}`);
  const nodes = [...snapshot.nodes()];
  const tell = (id: string, status: string, attempts: number): string => `${id} ${status} ${attempts}`;
  const inReport = report.nodeOutcomes.map(({ nodeId, status, attempts }) => tell(nodeId, status, attempts)).join();
  const inSnapshot = nodes.map(({ id, status, attempt }) => tell(id, status, attempt)).join();
  if (inReport !== inSnapshot)
    wrong.push(`the report's nodes differ from the snapshot's: ${textDifference(inReport, inSnapshot)}`);
  const count = (status: string): number => nodes.filter((node) => node.status === status).length;
  const { metrics } = report;
  const counted = [nodes.length, count('succeeded'), count('failed'), count('skipped'), count('cancelled')].join();
  const told = [
    metrics.nodesTotal,
    metrics.nodesSucceeded,
    metrics.nodesFailed,
    metrics.nodesSkipped,
    metrics.nodesCancelled,
  ].join();
  if (counted !== told) wrong.push(`the metrics say ${told}, the nodes ${counted}`);
  return wrong;
};

/** Every snapshot is the fold of the log so far, and stays so. */
const checkSnapshots = (
  events: readonly ExecutionEvent[],
  snapshots: readonly (readonly [ExecutorSnapshot, string])[],
): readonly string[] => {
  const wrong: string[] = [];
  const last = snapshots[snapshots.length - 1]?.[0];
  for (const { id, deps } of last?.nodes() ?? [])
    for (const dep of deps)
      if (!last!.node(dep)!.dependents.includes(id)) wrong.push(`I8: "${id}" depends on "${dep}", which does not know`);
  let folded = initialSnapshot();
  let at = 0;
  for (const [snapshot, text] of snapshots) {
    if (snapshot.seq === 0) continue; // It knows its run already, which the fold of nothing does not.
    for (; at < snapshot.seq; at++) folded = reduce(folded, events[at]!);
    const now = JSON.stringify(folded.toJSON());
    if (now !== text)
      wrong.push(
        `I10 (G11): the snapshot at seq ${snapshot.seq} is not the fold of the log: ${textDifference(text, now)}`,
      );
    const later = JSON.stringify(snapshot.toJSON());
    if (later !== text)
      wrong.push(`I11 (G10): the snapshot at seq ${snapshot.seq} has changed since: ${textDifference(text, later)}`);
    if (wrong.length > 0) return wrong;
  }
  return snapshots.every(([{ seq }], i) => i === 0 || seq > snapshots[i - 1]![0].seq)
    ? wrong
    : ['I12 (G1): snapshots do not come one per transition'];
};

/** A gate that takes its time is waited for, from the question that is open on. */
const checkGates = (c: Case, events: readonly ExecutionEvent[]): readonly string[] => {
  const delays = c.hooks.flatMap((hook) =>
    hook.kind === 'gate' && hook.every === 1 && hook.answer === 'proceed' ? [hook.delayMs ?? 0] : [],
  );
  const least = Math.max(0, ...delays);
  const asked = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'NodeStarting') asked.set(event.nodeId, event.at);
    if (event.type !== 'NodeStarted') continue;
    const since = asked.get(event.nodeId);
    asked.delete(event.nodeId);
    if (since !== undefined && event.at < since + least)
      return [
        `G4: "${event.nodeId}" starts at ${event.at} ms, ${event.at - since} ms after its gate was asked, which takes ${least} ms`,
      ];
  }
  return [];
};

/** What depends on a node waits until the hook that thinks about its end has answered, or its time is over. */
const checkHolds = (c: Case, events: readonly ExecutionEvent[], snapshot: ExecutorSnapshot): readonly string[] => {
  for (const hook of c.hooks) {
    if (hook.kind !== 'answers' || hook.form !== 'methods' || hook.delayMs === undefined) continue;
    const { on, nth } = hook.trigger;
    if (on !== 'NodeSucceeded' && on !== 'NodeFailed') continue;
    const asked = events.filter(({ type }) => type === on)[nth - 1] as
      | EventOf<'NodeSucceeded' | 'NodeFailed'>
      | undefined;
    if (asked === undefined) continue;
    const until = asked.at + Math.min(hook.delayMs, c.config.hookTimeoutMs ?? Infinity);
    for (const event of events.slice(asked.seq)) {
      if (event.at >= until) break;
      if (event.type !== 'NodeStarted' && event.type !== 'NodeStarting' && event.type !== 'NodeWaiting') continue;
      if (
        snapshot.node(event.nodeId)?.deps.includes(asked.nodeId) === true &&
        !hasBegun(events, event.nodeId, asked.seq)
      )
        return [
          `G3: "${event.nodeId}" starts at ${event.at} ms, but a hook thinks about "${asked.nodeId}" until ${until} ms`,
        ];
    }
  }
  return [];
};

/** It had started before, and goes on: a retry, or the answer of a gate. */
const hasBegun = (events: readonly ExecutionEvent[], id: string, before: number): boolean =>
  events
    .slice(0, before)
    .some((event) => (event.type === 'NodeStarted' || event.type === 'NodeStarting') && event.nodeId === id);

/** What an end, or an addition, makes ready starts in a later transition: hooks have had their say in between. */
const checkConsequences = (
  c: Case,
  events: readonly ExecutionEvent[],
  borders: readonly number[],
  snapshot: ExecutorSnapshot,
): readonly string[] => {
  if (c.hooks.length === 0) return [];
  const news = new Map<string, number>();
  let border = 0;
  for (const event of events) {
    while (border < borders.length && borders[border]! < event.seq) {
      border++;
      news.clear();
    }
    if (event.type === 'NodeAdded') news.set(event.node.id!, event.seq);
    if (!('nodeId' in event)) continue;
    if (
      event.type === 'NodeSucceeded' ||
      event.type === 'NodeFailed' ||
      event.type === 'NodeSkipped' ||
      event.type === 'NodeCancelled'
    )
      news.set(event.nodeId, event.seq);
    if (event.type !== 'NodeStarted' && event.type !== 'NodeStarting' && event.type !== 'NodeWaiting') continue;
    const early = [event.nodeId, ...(snapshot.node(event.nodeId)?.deps ?? [])].find((id) => news.has(id));
    if (early !== undefined)
      return [
        `G3: "${event.nodeId}" starts in the transition that tells of "${early}" (seq ${news.get(early)}), before a hook could answer`,
      ];
  }
  return [];
};

/** Between an event and what a hook answered it at once, nothing has started. */
const checkPromptness = (c: Case, events: readonly ExecutionEvent[], borders: readonly number[]): readonly string[] => {
  const prompt = new Set(
    c.hooks.flatMap((hook, i) =>
      (hook.kind === 'answers' && hook.delayMs === undefined) || hook.kind === 'retries' || hook.kind === 'floods'
        ? [`hook${i}`]
        : [],
    ),
  );
  // Where gates are asked, a node starts when the question is put: its answer may have been on the way already.
  const gated = c.hooks.some(({ kind }) => kind === 'gate');
  const isStart = ({ type }: ExecutionEvent): boolean =>
    type === 'NodeStarting' || (!gated && (type === 'NodeStarted' || type === 'NodeWaiting'));
  for (const event of events) {
    const { by, cause } = event;
    if (by === undefined || cause === undefined || !prompt.has(by) || event.type === 'NodeWaiting') continue;
    const end = borders.find((border) => border >= cause) ?? cause;
    const start = events.slice(end, event.seq - 1).find(isStart);
    if (start !== undefined)
      return [
        `G3: seq ${event.seq}, ${by}'s prompt answer to ${cause}, comes after ${describeEvent(start)} at seq ${start.seq}`,
      ];
  }
  return [];
};

/** The naive executor must come to the same end, at the same times. */
const againstReference = (c: Case, { events, snapshot, nudges }: Played): readonly string[] => {
  if (c.graph.nodes.length > 60 && hash(c.seed, 'large') % 20 > 0) return [];
  const reference = new Reference(c);
  const rounds = [...c.commands.map(({ atMs, command }): Round => ({ atMs, commands: [command] })), ...nudges];
  for (const { atMs, commands } of rounds.sort((a, b) => a.atMs - b.atMs)) {
    reference.advanceTo(atMs);
    for (const command of commands) reference.dispatch(command);
  }
  reference.flush();
  const expected = [...reference.statuses()].map(([id, status]) => `${id} ${status}`).sort();
  const attempts = reference.attempts();
  const actual = [...snapshot.nodes()].map(({ id, status }) => `${id} ${status}`).sort();
  const line = expected.findIndex((text, i) => text !== actual[i]);
  if (line >= 0 || expected.length !== actual.length)
    return [
      `the reference ends otherwise: "${expected[line]}", here "${actual[line]}" (${expected.length} and ${actual.length} nodes)`,
    ];
  if (reference.status !== snapshot.status)
    return [`the reference ends as ${reference.status}, the run as ${snapshot.status}`];
  for (const { id, attempt } of snapshot.nodes())
    if (attempts.get(id) !== attempt)
      return [`the reference makes ${attempts.get(id)} attempts at "${id}", the engine ${attempt}`];
  const [wanted, came] = [perInstant(reference.trace), perInstant(traceOf(events))];
  const at = wanted.findIndex((text, i) => text !== came[i]);
  return at < 0
    ? []
    : [
        `the reference goes another way: "${wanted[at]}", here "${came[at]}"; before that: ${came.slice(Math.max(0, at - 3), at).join('; ')}`,
      ];
};

/** What happens at one instant has no order here, but for what starts by its turn. */
const perInstant = (trace: readonly string[]): readonly string[] => {
  const at = (line: string): number => Number(line.slice(0, line.indexOf(' ')));
  return [...trace].sort((a, b) => at(a) - at(b) || (a < b ? -1 : 1));
};

/** Starts and ends of a log, in the reference's words. */
const traceOf = (events: readonly ExecutionEvent[]): readonly string[] =>
  events.flatMap((event) => {
    const say = (state: string): readonly string[] =>
      'nodeId' in event ? [`${event.at} ${event.nodeId} ${state}`] : [];
    switch (event.type) {
      case 'NodeStarted':
        return say(`running#${event.attempt}`);
      case 'NodeWaiting':
        return say('waiting');
      case 'NodeRetryScheduled':
        return say('retrying');
      case 'NodeSucceeded':
        return say('succeeded');
      case 'NodeFailed':
        return say('failed');
      case 'NodeSkipped':
        return say('skipped');
      case 'NodeCancelled':
        return say('cancelled');
      default:
        return [];
    }
  });

const textDifference = (a: string, b: string): string => {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return `"…${a.slice(Math.max(0, at - 60), at + 60)}…" against "…${b.slice(Math.max(0, at - 60), at + 60)}…"`;
};
