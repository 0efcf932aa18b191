import type { Either } from '#fp-ts/Either';
import { Observable, onErrorResumeNextWith } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  action,
  initialSnapshot,
  reduce,
  type CommandRefusal,
  type DagExecutionReport,
  type DagRun,
  type EventStore,
  type Execute,
  type ExecutionEvent,
  type ExecutorCommand,
  type ExecutorOptions,
  type Graph,
  type NodeAction,
  type NodeSpec,
  type NodeStatus,
  type RunOptions,
} from '../../lib/index.js';
import { VirtualTime, actionOf, describeEvent, random, record, type Recording } from '../../lib/testing/index.js';
import { lateStore } from './lateStore.js';
import { node } from './logOf.js';

/** What each attempt of a node does: lasts so many milliseconds, plays a marble diagram, or calls a function. */
export type Deed = number | string | Execute<any, any>;

/** A graph as the shortest text: ids with what they depend on (`c: a b`), or whole specs. Their action is `work`. */
export type Nodes = readonly (string | NodeSpec)[];

export interface Plot extends RunOptions {
  /** By node id; `*` stands for all others. What has no deed gives its id at once. */
  readonly does?: Readonly<Record<string, Deed>>;
  /** Further actions, beside `work`. */
  readonly actions?: readonly NodeAction[];
  /** Loaded beforehand, for nodes of the action `dag`. */
  readonly library?: readonly Graph[];
  readonly name?: string;
  /** The executor's own, under those of the run. */
  readonly executor?: Partial<ExecutorOptions>;
}

export const fail = (message = 'no'): Execute<any, any> => {
  return () => {
    throw new Error(message);
  };
};

export const specs = (nodes: Nodes): readonly NodeSpec[] =>
  nodes.map((given) => (typeof given === 'string' ? node(given) : given));

/** A run on virtual time, with all that it has published so far. */
export class Trial {
  readonly run: DagRun;
  readonly log: Recording;
  readonly lab: Lab;

  constructor(lab: Lab, run: DagRun) {
    this.lab = lab;
    this.run = run;
    // A stream errors only when the engine is broken; then the report tells.
    this.log = record({
      event$: run.event$.pipe(onErrorResumeNextWith()),
      snapshot$: run.snapshot$.pipe(onErrorResumeNextWith()),
    });
  }

  get events(): readonly ExecutionEvent[] {
    return this.log.events;
  }

  /** Lets this much virtual time pass; without any, all that is due at this instant happens. */
  async pass(ms = 0): Promise<void> {
    await this.lab.pass(ms);
  }

  /** Lets time pass until the run has settled, and checks that its log is sound. */
  async end(): Promise<DagExecutionReport> {
    const report = await this.lab.time.until(this.run);
    this.check();
    return report;
  }

  async cancel(reason?: string): Promise<DagExecutionReport> {
    const report = await this.lab.time.until(this.run.cancel(reason));
    this.check();
    return report;
  }

  /** What holds for every log: no rule is broken, and its fold is the live state. */
  check(): void {
    assert.equal(
      this.log.checkLog().map(({ message }) => message),
      [],
    );
    const folded = this.events.reduce(reduce, initialSnapshot());
    assert.is(JSON.stringify(folded), JSON.stringify(this.run.snapshot));
  }

  /** Asks, and lets everything happen that the answer needs at this instant. */
  ask(command: ExecutorCommand): Promise<Either<CommandRefusal, { readonly seq: number }>> {
    return this.lab.time.until(this.run.dispatch(command), { maxMs: 0 });
  }

  /** Asks for what must be granted; gives the seq of its last event. */
  async grant(command: ExecutorCommand): Promise<number> {
    const answer = await this.ask(command);
    if (answer._tag === 'Left') throw new Error(`${command.type} was refused: ${answer.left.reason}`);
    return answer.right.seq;
  }

  /** Asks for what must be refused; gives the refusal. */
  async refuse(command: ExecutorCommand): Promise<CommandRefusal> {
    const answer = await this.ask(command);
    if (answer._tag === 'Right') throw new Error(`${command.type} was granted, with event ${answer.right.seq}`);
    return answer.left;
  }

  /** Events as lines of text: those of these types, or all. */
  lines(...types: readonly ExecutionEvent['type'][]): readonly string[] {
    return this.events.filter(({ type }) => types.length === 0 || types.includes(type)).map(describeEvent);
  }

  status(id: string): NodeStatus | undefined {
    return this.run.snapshot.node(id)?.status;
  }

  /** Each node's status, as `a succeeded, b skipped`. */
  get statuses(): string {
    return [...this.run.snapshot.nodes()].map(({ id, status }) => `${id} ${status}`).join(', ');
  }
}

/** An executor on the real clock, whose action `work` gives the node's id at once. */
export const realExecutor = (options: Partial<ExecutorOptions> = {}): DagExecutor =>
  new DagExecutor({ registry: new ActionRegistry().register(action('work', ({ nodeId }) => nodeId)), ...options });

/** Where runs are tried: virtual time, a registry, and a store or none. */
export class Lab {
  readonly time = new VirtualTime(1_000_000);
  readonly random = random(1);
  readonly store: EventStore | undefined;

  constructor(late: boolean) {
    this.store = late ? lateStore((go) => this.time.schedule(go)) : undefined;
  }

  executor({ does = {}, actions = [], library = [], executor }: Plot = {}): DagExecutor {
    const deeds = new Map(Object.entries(does));
    const work = action('work', (ctx) => {
      const deed = deeds.get(ctx.nodeId) ?? deeds.get('*') ?? (() => ctx.nodeId);
      if (typeof deed === 'number') return this.last(deed, ctx.nodeId);
      return typeof deed === 'string' ? actionOf(this.time, deed)() : deed(ctx);
    });
    const made = new DagExecutor({
      registry: new ActionRegistry().register(work, ...actions),
      scheduler: this.time,
      random: this.random,
      ...(this.store && { store: this.store }),
      ...executor,
    });
    for (const graph of library) {
      const loaded = made.load(graph);
      if (loaded._tag === 'Left') throw new Error(loaded.left.map(({ message }) => message).join('\n'));
    }
    return made;
  }

  start(nodes: Nodes, plot: Plot = {}): Trial {
    const { does: _, actions: __, library: ___, name = 'test', executor: ____, ...options } = plot;
    return new Trial(this, this.executor(plot).start({ name, nodes: specs(nodes) }, options));
  }

  /** Starts a run and lets it go to its end. */
  async finish(nodes: Nodes, plot: Plot = {}): Promise<Trial & { readonly report: DagExecutionReport }> {
    const trial = this.start(nodes, plot);
    return Object.assign(trial, { report: await trial.end() });
  }

  async pass(ms = 0): Promise<void> {
    const end = this.time.now() + ms;
    await this.time.runAll({ maxMs: ms, patienceMs: 2 });
    if (this.time.now() < end) this.time.advanceTo(end);
    await this.time.runAll({ maxMs: 0, patienceMs: 2 });
  }

  /** A Promise that is kept after so much virtual time. */
  after<T>(ms: number, value?: T | (() => T)): Promise<T> {
    const due = new Promise<void>((resolve) => {
      this.time.schedule(() => resolve(), ms);
    });
    return due.then(() => (typeof value === 'function' ? (value as () => T)() : (value as T)));
  }

  /** A value after so much virtual time, as an Observable without progress on the way. */
  last<T>(ms: number, value: T): Observable<T> {
    return new Observable((subscriber) =>
      this.time.schedule(() => {
        subscriber.next(value);
        subscriber.complete();
      }, ms),
    );
  }
}

export interface LabSuite {
  /** A test that holds without a store and with one that answers later. */
  (name: string, body: (lab: Lab) => Promise<void> | void): void;
  /** A test of what holds only where no store lies between. */
  bare(name: string, body: (lab: Lab) => Promise<void> | void): void;
  /** A test that needs a store. */
  stored(name: string, body: (lab: Lab & { readonly store: EventStore }) => Promise<void> | void): void;
  run(): void;
}

/**
 * A suite whose tests run twice: without a store, and with one that answers one turn later. RXDAG_LATE_STORE=1 leaves
 * out the first, RXDAG_LATE_STORE=0 the second.
 */
export const labSuite = (title: string): LabSuite => {
  const only = process.env['RXDAG_LATE_STORE'];
  const kinds = [
    { late: false, test: suite(title), count: 0, isOn: only !== '1' },
    { late: true, test: suite(`${title}, with a store that answers later`), count: 0, isOn: only !== '0' },
  ] as const;
  const add = (on: readonly boolean[], name: string, body: (lab: any) => Promise<void> | void): void => {
    for (const kind of kinds)
      if (kind.isOn && on.includes(kind.late)) {
        (kind as { count: number }).count++;
        kind.test(name, () => body(new Lab(kind.late)));
      }
  };
  return Object.assign((name: string, body: (lab: Lab) => Promise<void> | void) => add([false, true], name, body), {
    bare: (name: string, body: (lab: Lab) => Promise<void> | void) => add([false], name, body),
    stored: (name: string, body: (lab: Lab & { readonly store: EventStore }) => Promise<void> | void) =>
      add([true], name, body),
    run: () => kinds.forEach(({ count, test }) => count > 0 && test.run()),
  });
};
