import { BehaviorSubject, type Subscription } from 'rxjs';
import {
  addDependency,
  addNode,
  pauseRun,
  removeNode,
  resumeRun,
  type DagExecutor,
  type DagRun,
  type ExecutorCommand,
  type Hook,
  type NodeSpec,
} from '../../../lib/index.js';
import type { BenchTime } from './BenchTime.js';

/** How far the run on the bench is. */
export type Phase = 'building' | 'running' | 'over';

/**
 * The run that the page shows. What is being built is a run, too, one that is paused before anything starts: so building and
 * changing a graph in mid-run are the same commands, and the engine says what can't be done. Its time begins when it is resumed.
 */
export class Workbench {
  /** A new one for each run. */
  readonly run$: BehaviorSubject<DagRun>;
  readonly phase$ = new BehaviorSubject<Phase>('building');
  maxParallelNodes = 3;
  readonly #executor: DagExecutor;
  readonly #time: BenchTime;
  readonly #hooks: readonly Hook[];
  /** The graph as the visitor wants it: without what hooks have added. */
  readonly #nodes = new Map<string, NodeSpec>();
  #watching: Subscription | undefined;
  #runs = 0;

  constructor(executor: DagExecutor, time: BenchTime, hooks: readonly Hook[], nodes: readonly NodeSpec[]) {
    this.#executor = executor;
    this.#time = time;
    this.#hooks = hooks;
    for (const node of nodes) this.#nodes.set(node.id!, node);
    this.run$ = new BehaviorSubject(this.#draft());
  }

  get run(): DagRun {
    return this.run$.value;
  }

  /** Puts a fresh run on the bench, with the graph as it was built. */
  reset(): void {
    if (this.phase$.value !== 'over') void this.run.cancel('reset');
    this.run$.next(this.#draft());
  }

  /** Takes everything away. */
  clear(): void {
    this.#nodes.clear();
    this.reset();
  }

  /** Starts what was built, in a run whose time begins now. */
  async start(): Promise<void> {
    this.reset();
    this.phase$.next('running');
    await this.run.dispatch(resumeRun());
  }

  /** Asks for a change. Resolves with the reason if it was refused. */
  async ask(command: ExecutorCommand): Promise<string | undefined> {
    const answer = await this.run.dispatch(command);
    return answer._tag === 'Left' ? answer.left.reason : undefined;
  }

  async add(node: NodeSpec & { readonly id: string }): Promise<string | undefined> {
    const refused = await this.ask(addNode(node));
    if (refused === undefined) this.#nodes.set(node.id, node);
    return refused;
  }

  async connect(from: string, to: string): Promise<string | undefined> {
    const refused = await this.ask(addDependency(from, to));
    const node = this.#nodes.get(to);
    if (refused === undefined && node !== undefined && !(node.deps ?? []).includes(from))
      this.#nodes.set(to, { ...node, deps: [...(node.deps ?? []), from] });
    return refused;
  }

  /** Removes a node. Before the start its dependants lose the edge; later it may have none. */
  async remove(id: string): Promise<string | undefined> {
    const dependants = [...this.#nodes.values()].filter(({ deps = [] }) => deps.includes(id));
    if (this.phase$.value !== 'building' || dependants.length === 0) {
      const refused = await this.ask(removeNode(id));
      if (refused === undefined) this.#nodes.delete(id);
      return refused;
    }
    this.#nodes.delete(id);
    for (const node of dependants) this.#disconnect(id, node);
    this.reset();
    return undefined;
  }

  /** Removes an edge, which only a run that has not begun allows. */
  disconnect(from: string, to: string): string | undefined {
    const node = this.#nodes.get(to);
    if (this.phase$.value !== 'building') return 'An edge can be removed only before the run begins.';
    if (node?.deps?.includes(from) !== true) return `"${to}" does not depend on "${from}".`;
    this.#disconnect(from, node);
    this.reset();
    return undefined;
  }

  #disconnect(from: string, { deps = [], ...rest }: NodeSpec): void {
    this.#nodes.set(rest.id!, { ...rest, deps: deps.filter((dep) => dep !== from) });
  }

  #draft(): DagRun {
    this.#watching?.unsubscribe();
    this.#time.stop();
    const { maxParallelNodes } = this;
    const run = this.#executor.start(
      { name: 'bench', nodes: [...this.#nodes.values()] },
      { runId: `run-${++this.#runs}`, hooks: this.#hooks, config: { maxParallelNodes } },
    );
    void run.dispatch(pauseRun('being built'));
    this.phase$.next('building');
    this.#watching = run.event$.subscribe({
      next: ({ type }) => {
        if (type !== 'RunResumed') return;
        this.#time.goOn();
        if (this.phase$.value === 'building') this.phase$.next('running'); // it was the viewer that was asked
      },
      complete: () => this.phase$.next('over'),
    });
    return run;
  }
}
