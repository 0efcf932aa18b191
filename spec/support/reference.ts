import { defaultConfig, type DagConfig } from '../../lib/model/DagConfig.js';
import type { ExecutorCommand } from '../../lib/model/ExecutorCommand.js';
import type { Graph } from '../../lib/model/Graph.js';
import type { Json } from '../../lib/model/Json.js';
import type { NodeSpec } from '../../lib/model/NodeSpec.js';
import type { NodeStatus } from '../../lib/model/Status.js';
import { behaviourOf, outputOf, type Case } from './Case.js';

/** What an ended node is to those that depend on it. */
type Kind = 'open' | 'good' | 'bad' | 'purpose';

interface RefNode {
  readonly id: string;
  spec: NodeSpec;
  readonly index: number;
  readonly deps: string[];
  rank: number;
  state: 'idle' | 'running' | 'waiting' | 'retrying' | 'succeeded' | 'failed' | 'skipped' | 'cancelled';
  attempts: number;
  /** Attempts made before the latest RetryNode. */
  base: number;
  waitingOn?: 'input' | 'items' | 'dag';
  /** Its retry delay is over. */
  due: boolean;
  output?: Json | undefined;
  becauseOf?: string | undefined;
  onPurpose: boolean;
  /** Things to come that its end makes void. */
  turn: number;
  /** The how-manieth attempt of the run its latest one is. */
  launched: number;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  /** Whether what it was set for still goes on. */
  readonly live: () => boolean;
}

const ACTIONS = new Set(['work', 'dag', 'human.input']);

/**
 * A run without hooks, worked out in the most obvious way: after everything that happens, all that follows is found by
 * looking at every node again. Slow on purpose, and written from the rules alone, so that it errs elsewhere than the engine.
 */
export class Reference {
  readonly config: DagConfig;
  now = 0;
  status: 'running' | 'paused' | 'cancelling' | 'succeeded' | 'failed' | 'cancelled' = 'running';
  /** Starts and ends as `12 n3 running#1`, in order. */
  readonly trace: string[] = [];
  readonly #case: Case;
  readonly #behaviour: ReturnType<typeof behaviourOf>;
  readonly #nodes = new Map<string, RefNode>();
  readonly #paused = new Set<string>();
  readonly #cut = new Set<string>();
  readonly #order: Map<string, number>;
  #made = 0;
  #limit: number;
  #timers: Timer[] = [];
  #inbox: (() => void)[] = [];
  #failures: RefNode[] = [];
  #origin: 'user' | 'policy' = 'user';
  #timersMade = 0;
  #launches = 0;
  readonly #memberships = new Map<string, ReadonlySet<RefNode>>();

  constructor(c: Case) {
    this.#case = c;
    this.#behaviour = behaviourOf(c);
    this.config = { ...defaultConfig, ...c.config };
    this.#limit = this.config.enableParallelExecution ? this.config.maxParallelNodes : 1;
    this.#enter(c.graph.nodes, (id) => c.graph.nodes.some((node) => node.id === id));
    this.#order = topological([...this.#nodes.values()]);
    this.#drain();
  }

  get settled(): boolean {
    return this.status === 'succeeded' || this.status === 'failed' || this.status === 'cancelled';
  }

  /** Every node's status, in definition order. */
  statuses(): ReadonlyMap<string, NodeStatus> {
    return new Map([...this.#nodes.values()].map((node) => [node.id, this.#statusOf(node)]));
  }

  attempts(): ReadonlyMap<string, number> {
    return new Map([...this.#nodes.values()].map(({ id, attempts }) => [id, attempts]));
  }

  /** The nodes that wait for a person. */
  asking(): readonly string[] {
    return [...this.#nodes.values()]
      .filter(({ state, waitingOn }) => state === 'waiting' && waitingOn === 'input')
      .map(({ id }) => id);
  }

  /** When something happens next. */
  get nextAt(): number | undefined {
    this.#timers = this.#timers.filter((timer) => timer.live());
    return this.#timers.length === 0 ? undefined : Math.min(...this.#timers.map(({ at }) => at));
  }

  /** Lets time pass up to an instant, and stands there. */
  advanceTo(at: number): void {
    for (;;) {
      this.#timers = this.#timers.filter((timer) => timer.live());
      const next = this.#timers.filter((timer) => timer.at <= at).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.now = Math.max(this.now, next.at);
      next.run();
      this.#drain();
    }
    this.now = Math.max(this.now, at);
  }

  /** Lets time pass until nothing is left to happen. */
  flush(): void {
    for (let next = this.nextAt; next !== undefined; next = this.nextAt) this.advanceTo(next);
  }

  /** True: accepted. */
  dispatch(command: ExecutorCommand): boolean {
    const accepted = this.#decide(command);
    this.#drain();
    return accepted;
  }

  /* What is known about nodes */

  #kind(node: RefNode): Kind {
    switch (node.state) {
      case 'succeeded':
        return 'good';
      case 'failed':
        return node.spec.onFailure === 'continue' ? 'good' : 'bad';
      case 'cancelled':
        return 'bad';
      case 'skipped':
        return node.output !== undefined ? 'good' : node.onPurpose ? 'purpose' : 'bad';
      default:
        return 'open';
    }
  }

  /** What a node's dependencies make of it. */
  #verdict(node: RefNode): 'wait' | 'run' | 'skip' {
    const kinds = node.deps.map((id) => this.#kind(this.#nodes.get(id)!));
    const is = (kind: Kind) => (other: Kind) => kind === other;
    switch (node.spec.runIf ?? 'allSucceeded') {
      case 'allSucceeded':
        return kinds.some((kind) => kind === 'bad' || kind === 'purpose')
          ? 'skip'
          : kinds.some(is('open'))
            ? 'wait'
            : 'run';
      case 'anySucceeded':
        return kinds.some(is('open')) ? 'wait' : kinds.length === 0 || kinds.some(is('good')) ? 'run' : 'skip';
      case 'allDone':
        return kinds.some(is('open')) ? 'wait' : 'run';
    }
  }

  #statusOf(node: RefNode): NodeStatus {
    if (node.state !== 'idle') return node.state;
    return this.#verdict(node) === 'run' ? 'ready' : 'pending';
  }

  /** Who belongs to a branch: worked out anew whenever the graph has changed. */
  #members(branch: string): ReadonlySet<RefNode> {
    const known = this.#memberships.get(branch);
    if (known !== undefined) return known;
    const all = [...this.#nodes.values()];
    const flows = new Set<string>();
    const members = new Set<string>();
    for (let grown = true; grown;) {
      const before = flows.size + members.size;
      for (const node of all) {
        const { parent } = node.spec;
        if (
          node.id === branch ||
          node.deps.some((dep) => flows.has(dep)) ||
          (parent !== undefined && flows.has(parent))
        )
          flows.add(node.id);
        if (node.spec.branch === branch || flows.has(node.id) || (parent !== undefined && members.has(parent)))
          members.add(node.id);
      }
      grown = flows.size + members.size > before;
    }
    const found = new Set(all.filter(({ id }) => members.has(id)));
    this.#memberships.set(branch, found);
    return found;
  }

  #isIn(node: RefNode, branches: ReadonlySet<string>): boolean {
    return [...branches].some((branch) => this.#members(branch).has(node));
  }

  #using(pool?: string): number {
    return [...this.#nodes.values()].filter(
      ({ state, spec }) => state === 'running' && (pool === undefined || spec.pool === pool),
    ).length;
  }

  #children(node: RefNode): readonly RefNode[] {
    return [...this.#nodes.values()].filter(({ spec }) => spec.parent === node.id);
  }

  /* What happens by itself */

  #drain(): void {
    for (;;) {
      const next = this.#inbox.shift();
      if (next !== undefined) next();
      else if (!this.#schedule()) return;
    }
  }

  /** True if it has changed anything. */
  #schedule(): boolean {
    if (this.settled) return false;
    if (this.#follow()) return true;
    const before = this.trace.length;
    const begun = this.status === 'running' ? this.#fill() : [];
    for (const node of begun) this.#launch(node);
    if (this.trace.length > before) return true;
    const nodes = [...this.#nodes.values()];
    if (this.status !== 'paused' && nodes.every((node) => isOver(node))) {
      // A node that stays skipped by a failure, though that was mended since, is no success.
      const failed = nodes.some((node) => node.state === 'failed' || this.#kind(node) === 'bad');
      this.status =
        this.status === 'cancelling'
          ? this.#origin === 'user'
            ? 'cancelled'
            : 'failed'
          : failed
            ? 'failed'
            : 'succeeded';
    }
    return false;
  }

  /** One round of what follows without a slot; true if there was anything. */
  #follow(): boolean {
    const before = this.trace.length + this.#made;
    const { status } = this;
    for (const failure of this.#failures.splice(0)) this.#answerFailure(failure);
    const inOrder = (): readonly RefNode[] => [...this.#nodes.values()].sort((a, b) => this.#place(a) - this.#place(b));
    for (
      let node: RefNode | undefined;
      (node = inOrder().find((one) => one.state === 'idle' && this.#verdict(one) === 'skip')) !== undefined;
    ) {
      const deps = node.deps.map((id) => this.#nodes.get(id)!);
      const cause = deps.find((dep) => this.#kind(dep) === 'bad') ?? deps.find((dep) => this.#kind(dep) === 'purpose')!;
      this.#end(node, 'skipped', { becauseOf: cause.id, onPurpose: this.#kind(cause) === 'purpose' });
    }
    const isExpanded = (node: RefNode): boolean =>
      node.state === 'waiting' && node.waitingOn !== 'input' && this.#children(node).every(isOver);
    for (const node of inOrder().filter(isExpanded)) this.#endParent(node);
    const isFresh = (node: RefNode): boolean =>
      node.state === 'idle' && this.#verdict(node) === 'run' && !this.#isIn(node, this.#paused);
    const hasChanged = (): boolean => this.trace.length + this.#made > before || this.status !== status;
    // What becomes ready by this is looked at in the next round, when everybody has seen it.
    if (this.status === 'running' && !hasChanged()) for (const node of inOrder().filter(isFresh)) this.#sift(node);
    return hasChanged();
  }

  /** Skips a ready node by its condition, or begins it if it needs no slot. What cannot begin waits for one, and fails then. */
  #sift(node: RefNode): void {
    if (this.#isBroken(node)) return;
    if (node.spec.when !== undefined && this.#isMet(node) !== true) this.#end(node, 'skipped', { onPurpose: true });
    else if (needsNoSlot(node)) this.#expand(node);
  }

  /** Its condition, its list or its DAG cannot be found. */
  #isBroken(node: RefNode): boolean {
    const { when, forEach, action } = node.spec;
    if (when !== undefined) {
      const met = this.#isMet(node);
      if (met !== true) return met === undefined;
    }
    if (forEach !== undefined) return !Array.isArray(this.#resolve(forEach as unknown as Json, node));
    return action === 'dag' && this.#libraryOf(node) === undefined;
  }

  #libraryOf(node: RefNode): Graph | undefined {
    const inputs = this.#inputs(node) as { dag?: Json } | undefined;
    return this.#case.library.find(({ name }) => name === inputs?.dag);
  }

  #answerFailure(node: RefNode): void {
    if (node.state !== 'failed' || this.status === 'cancelling') return;
    const id = `${node.id}.failure`;
    const { failureAction, parent, inputs = {}, onFailure } = node.spec;
    if (failureAction !== undefined && !this.#nodes.has(id) && !this.#isIn(node, this.#cut))
      this.#enter([
        {
          id,
          action: failureAction,
          deps: [node.id],
          runIf: 'allDone',
          inputs: this.#forgiven(inputs as Json, node) as NonNullable<NodeSpec['inputs']>,
          ...(parent === undefined ? {} : { parent }),
        },
      ]);
    if (onFailure === 'continue') return;
    if (this.config.onFailure === 'Pause' && this.status === 'running') this.status = 'paused';
    if (this.config.onFailure === 'Stop') this.#cancelRun('policy');
  }

  #fill(): readonly RefNode[] {
    const begun: RefNode[] = [];
    const able = [...this.#nodes.values()].filter((node) => this.#isAble(node)).sort((a, b) => this.#before(a, b));
    for (;;) {
      const next = able.find((node) => this.#isAble(node) && this.#hasSlot(node));
      if (next === undefined) return begun;
      const broken = next.state === 'idle' && this.#isBroken(next);
      next.state = 'running';
      next.attempts++;
      next.due = false;
      this.#say(next);
      if (broken) {
        this.#end(next, 'failed');
        this.#failures.push(next);
      } else begun.push(next);
    }
  }

  /** Whether nothing but slots may keep it from starting. */
  #isAble(node: RefNode): boolean {
    const able = (node.state === 'idle' && this.#verdict(node) === 'run') || (node.state === 'retrying' && node.due);
    return able && !this.#isIn(node, this.#paused);
  }

  #hasSlot({ spec: { pool } }: RefNode): boolean {
    return this.#using() < this.#limit && (pool === undefined || this.#using(pool) < this.config.pools[pool]!);
  }

  #before(a: RefNode, b: RefNode): number {
    if (!this.config.enableParallelExecution) return this.#place(a) - this.#place(b);
    return (b.spec.priority ?? 0) - (a.spec.priority ?? 0) || b.rank - a.rank || a.index - b.index;
  }

  #place(node: RefNode): number {
    return this.#order.get(node.id) ?? node.index;
  }

  /* Attempts */

  #launch(node: RefNode): void {
    node.launched = ++this.#launches;
    const turn = ++node.turn;
    const current = (work: () => void) => (): void => {
      if (node.turn === turn && node.state === 'running') work();
    };
    if (this.#inputs(node) === undefined) {
      this.#inbox.push(current(() => this.#failed(node, true)));
      return;
    }
    const { ms, fails, hangs = false, progress = 0 } = this.#behaviour(node.id);
    const outcome = current(() => (node.attempts <= fails ? this.#failed(node, false) : this.#succeeded(node)));
    if (ms === 0 && !hangs) {
      this.#inbox.push(outcome);
      return;
    }
    const { timeoutMs = Infinity, idleTimeoutMs = Infinity } = node.spec;
    const end = hangs ? Infinity : ms;
    const signs = [0, ...Array.from({ length: progress }, (_, k) => ((k + 1) * ms) / (progress + 1)), end];
    const gap = signs.findIndex((at, k) => (signs[k + 1] ?? at) - at > idleTimeoutMs);
    const idleAt = gap === -1 ? Infinity : signs[gap]! + idleTimeoutMs;
    const stopAt = Math.min(timeoutMs, idleAt);
    if (stopAt < end)
      this.#after(
        stopAt,
        node,
        current(() => this.#failed(node, false)),
      );
    else this.#after(end, node, outcome);
  }

  #after(ms: number, node: RefNode, run: () => void): void {
    const { turn } = node;
    if (ms < Infinity)
      this.#timers.push({ at: this.now + ms, order: this.#timersMade++, run, live: () => node.turn === turn });
  }

  #succeeded(node: RefNode): void {
    if (this.#isCancelled(node)) this.#end(node, 'cancelled');
    else this.#end(node, 'succeeded', { output: outputOf(node.id) });
  }

  #failed(node: RefNode, final: boolean): void {
    if (this.#isCancelled(node)) return this.#end(node, 'cancelled');
    const tries = node.attempts - node.base;
    if (final || tries >= Math.min(node.spec.tryCount ?? 1, this.config.maxAttempts)) {
      this.#end(node, 'failed');
      this.#failures.push(node);
      return;
    }
    node.state = 'retrying';
    this.#say(node);
    node.turn++;
    this.#after(this.#delay(node, tries), node, () => {
      node.due = true;
    });
  }

  #delay(node: RefNode, failures: number): number {
    const strategy = node.spec.retry ?? this.config.retryStrategy;
    if (strategy.type === 'Immediate') return 0;
    if (strategy.type === 'Linear') return strategy.delayMs;
    return Math.min(strategy.maxDelayMs, strategy.initialDelayMs * strategy.multiplier ** (failures - 1));
  }

  #isCancelled(node: RefNode): boolean {
    return this.status === 'cancelling' || this.#isIn(node, this.#cut);
  }

  #end(
    node: RefNode,
    state: 'succeeded' | 'failed' | 'skipped' | 'cancelled',
    more: { output?: Json; becauseOf?: string; onPurpose?: boolean } = {},
  ): void {
    node.turn++;
    node.due = false;
    node.state = state;
    node.output = more.output;
    node.becauseOf = more.becauseOf;
    node.onPurpose = more.onPurpose ?? false;
    this.#say(node);
  }

  #say(node: RefNode): void {
    this.trace.push(`${this.now} ${node.id} ${node.state}${node.state === 'running' ? `#${node.attempts}` : ''}`);
  }

  /* Expansion and people */

  #expand(node: RefNode): void {
    const { spec, id } = node;
    if (spec.action === 'human.input' && spec.forEach === undefined) {
      this.#wait(node, 'input');
      const { humanWaitMs } = this.config;
      if (humanWaitMs === null) return;
      node.turn++;
      this.#after(humanWaitMs, node, () => {
        if (this.config.humanTimeoutAction === 'Pause') {
          if (this.status === 'running') this.status = 'paused';
        } else
          this.#end(node, 'succeeded', {
            output: (this.#inputs(node) as { default?: Json } | undefined)?.default ?? null,
          });
      });
      return;
    }
    if (spec.forEach !== undefined) {
      const items = this.#resolve(spec.forEach as unknown as Json, node) as readonly Json[];
      const {
        when: _when,
        forEach: _forEach,
        deps: _deps,
        onFailure: _onFailure,
        failureAction: _failureAction,
        branch: _branch,
        ...rest
      } = spec;
      this.#wait(node, 'items');
      this.#enter(
        items.map((item, index) => ({
          ...rest,
          id: `${id}[${index}]`,
          runIf: 'allDone',
          parent: id,
          item,
          index,
        })),
      );
      return;
    }
    const graph = this.#libraryOf(node)!;
    this.#wait(node, 'dag');
    const order = topological(
      graph.nodes.map((inner, index) => ({
        id: inner.id!,
        index,
        deps: depsOf(inner, (dep) => graph.nodes.some((other) => other.id === dep)),
      })),
    );
    const inOrder = [...graph.nodes].sort((a, b) => order.get(a.id!)! - order.get(b.id!)!);
    this.#enter(inOrder.map((inner) => ({ ...(prefixed(inner, id, graph.nodes) as NodeSpec), parent: id })));
    this.#cancel(this.#children(node).filter((child) => this.#isIn(child, this.#cut)));
  }

  #wait(node: RefNode, on: 'input' | 'items' | 'dag'): void {
    node.attempts++;
    node.state = 'waiting';
    node.waitingOn = on;
    this.#say(node);
  }

  #endParent(node: RefNode): void {
    if (this.#isCancelled(node)) return this.#end(node, 'cancelled');
    const parts = this.#children(node).filter(({ id, deps }) => !(deps.length === 1 && id === `${deps[0]!}.failure`));
    if (parts.some((part) => part.state === 'failed' || this.#kind(part) === 'bad')) {
      this.#end(node, 'failed');
      this.#failures.push(node);
      return;
    }
    const outputs = parts.map(({ output = null }) => output);
    this.#end(node, 'succeeded', {
      output:
        node.waitingOn === 'items'
          ? outputs
          : Object.fromEntries(parts.map(({ id }, i) => [id.slice(node.id.length + 1), outputs[i]!])),
    });
  }

  /* References; undefined: one leads nowhere */

  #inputs(node: RefNode): Json | undefined {
    return this.#resolve((node.spec.inputs ?? {}) as Json, node);
  }

  /** Null in place of every reference that leads nowhere: what a failure action gets. */
  #forgiven(value: Json, node: RefNode): Json {
    if (typeof value !== 'object' || value === null || '$literal' in value) return value;
    if ('$ref' in value) return this.#resolve(value, node) === undefined ? null : value;
    if (Array.isArray(value)) return (value as readonly Json[]).map((item) => this.#forgiven(item, node));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#forgiven(inner, node)]));
  }

  #isMet(node: RefNode): boolean | undefined {
    const when = node.spec.when!;
    const value = this.#resolve(
      {
        $ref: when.$ref,
        ...(when.node === undefined ? {} : { node: when.node, path: when.path ?? [] }),
        ...(when.scope === undefined ? {} : { scope: when.scope }),
      },
      node,
    );
    if (value === undefined) return undefined;
    const met = when.equals === undefined ? Boolean(value) : JSON.stringify(value) === JSON.stringify(when.equals);
    return when.not === true ? !met : met;
  }

  #resolve(value: Json, node: RefNode): Json | undefined {
    if (typeof value !== 'object' || value === null) return value;
    if ('$literal' in value) return value['$literal'];
    if ('$ref' in value)
      return this.#lookUp(
        value as unknown as { $ref: string; node?: string; path?: readonly (string | number)[]; scope?: string },
      );
    if (Array.isArray(value)) {
      const items = (value as readonly Json[]).map((item) => this.#resolve(item, node));
      return items.includes(undefined) ? undefined : (items as readonly Json[]);
    }
    const fields = Object.entries(value).map(([key, inner]) => [key, this.#resolve(inner, node)] as const);
    return fields.some(([, inner]) => inner === undefined) ? undefined : (Object.fromEntries(fields) as Json);
  }

  #lookUp({
    $ref,
    node,
    path,
    scope,
  }: {
    $ref: string;
    node?: string;
    path?: readonly (string | number)[];
    scope?: string;
  }): Json | undefined {
    const id = node ?? (scope === undefined ? longest($ref, (name) => this.#nodes.has(name)) : undefined);
    const keys = path ?? $ref.slice((id ?? 'inputs').length).match(/[^.[\]]+/g) ?? [];
    if (id !== undefined) {
      const source = this.#nodes.get(id)!;
      if (source.output === undefined || (source.state !== 'succeeded' && source.state !== 'skipped')) return null;
      return follow(source.output, keys);
    }
    if (scope === undefined) return follow(this.#case.inputs, keys);
    return follow((this.#inputs(this.#nodes.get(scope)!) as { inputs?: Json } | undefined)?.inputs ?? {}, keys);
  }

  /* Commands */

  #decide(command: ExecutorCommand): boolean {
    if (this.settled || (command.dagName !== undefined && command.dagName !== this.#case.graph.name)) return false;
    if (command.type === 'UpdateMetrics' || command.type === 'EmitEvent') return true;
    if (this.status === 'cancelling') return false;
    const node = 'nodeId' in command ? this.#nodes.get(command.nodeId) : undefined;
    if ('nodeId' in command && node === undefined) return false;
    switch (command.type) {
      case 'AddNode':
        return this.#add([command.spec]);
      case 'AddNodes':
        return this.#add(command.specs);
      case 'RemoveNode':
        if (node!.state !== 'idle' || node!.spec.parent !== undefined || this.#dependents(node!).length > 0)
          return false;
        this.#nodes.delete(node!.id);
        this.#order.delete(node!.id); // one of the same id added later comes after all that were planned
        this.#memberships.clear();
        return true;
      case 'AddDependency': {
        const [from, to] = [this.#nodes.get(command.from), this.#nodes.get(command.to)];
        if (from === undefined || to === undefined || to.state !== 'idle' || !this.#mayDepend(to, from)) return false;
        return this.#dependOn(to, [from.id]);
      }
      case 'SetNodeInputs': {
        if (node!.state !== 'idle') return false;
        const spec = { ...node!.spec, inputs: command.inputs };
        const deps = depsOf(spec, (id) => this.#nodes.has(id));
        if (
          deps.includes('?') ||
          deps.some((id) => !node!.deps.includes(id) && !this.#mayDepend(node!, this.#nodes.get(id)!))
        )
          return false;
        if (!this.#dependOn(node!, deps)) return false;
        node!.spec = spec;
        return true;
      }
      case 'SkipNode':
        if (
          node!.state !== 'idle' &&
          node!.state !== 'retrying' &&
          !(node!.state === 'waiting' && node!.waitingOn === 'input')
        )
          return false;
        this.#end(node!, 'skipped', {
          onPurpose: true,
          ...(command.output === undefined ? {} : { output: command.output }),
        });
        return true;
      case 'RetryNode':
        if ((node!.state !== 'failed' && node!.state !== 'cancelled') || this.#isIn(node!, this.#cut)) return false;
        this.#retry(node!);
        return true;
      case 'ProvideInput':
        if (node!.state !== 'waiting' || node!.waitingOn !== 'input') return false;
        this.#end(node!, 'succeeded', { output: command.value });
        return true;
      case 'PauseBranch':
      case 'ResumeBranch':
      case 'CancelBranch': {
        const { branchId, type } = command;
        if (this.#cut.has(branchId)) return type === 'CancelBranch';
        if (this.#members(branchId).size === 0 && !this.#paused.has(branchId)) return false;
        if (type === 'PauseBranch') this.#paused.add(branchId);
        else this.#paused.delete(branchId);
        if (type === 'CancelBranch') {
          this.#cut.add(branchId);
          this.#cancel([...this.#members(branchId)]);
        }
        return true;
      }
      case 'PauseRun':
        this.status = 'paused';
        return true;
      case 'ResumeRun':
        this.status = 'running';
        return true;
      case 'CancelRun':
        this.#cancelRun('user');
        return true;
      case 'SetConcurrency':
        if (!this.config.enableParallelExecution) return command.maxParallelNodes === 1;
        this.#limit = command.maxParallelNodes;
        return true;
      case 'SetPriority':
        node!.spec = { ...node!.spec, priority: command.priority };
        return true;
    }
  }

  /** Adds dependencies, unless they would take the node into a cancelled branch. */
  #dependOn(node: RefNode, more: readonly string[]): boolean {
    const before = [...node.deps];
    node.deps.push(...more.filter((id) => !before.includes(id)));
    this.#memberships.clear();
    if (node.deps.length === before.length || !this.#isIn(node, this.#cut)) {
      for (const id of node.deps.slice(before.length)) this.#raise(this.#nodes.get(id)!, node);
      return true;
    }
    node.deps.splice(before.length);
    this.#memberships.clear();
    return false;
  }

  #dependents(node: RefNode): readonly RefNode[] {
    return [...this.#nodes.values()].filter(({ deps }) => deps.includes(node.id));
  }

  /** Whether nobody would wait for himself if `node` waited for `dep`; parents wait for what they expand into. */
  #mayDepend(node: RefNode, dep: RefNode): boolean {
    const waitsFor = (other: RefNode): readonly RefNode[] => [
      ...other.deps.map((id) => this.#nodes.get(id)!),
      ...this.#children(other),
    ];
    const needed = new Set([dep]);
    for (const other of needed) for (const next of waitsFor(other)) needed.add(next);
    for (
      let at: RefNode | undefined = node;
      at !== undefined;
      at = at.spec.parent === undefined ? undefined : this.#nodes.get(at.spec.parent)
    )
      if (needed.has(at)) return false;
    return true;
  }

  #add(specs: readonly NodeSpec[]): boolean {
    const ids = specs.map(({ id }) => id!);
    const knows = (id: string): boolean => ids.includes(id) || this.#nodes.has(id);
    if (new Set(ids).size < ids.length || ids.some((id) => this.#nodes.has(id) || id === '' || id === 'inputs'))
      return false;
    const all = specs.map((spec) => ({ id: spec.id!, deps: depsOf(spec, knows) }));
    if (
      specs.some(
        ({ action, pool }) => !ACTIONS.has(action) || (pool !== undefined && !Object.hasOwn(this.config.pools, pool)),
      )
    )
      return false;
    if (all.some(({ id, deps }) => deps.some((dep) => dep === id || !knows(dep)))) return false;
    const order = topological(
      all.map((node, index) => ({ ...node, index, deps: node.deps.filter((dep) => ids.includes(dep)) })),
    );
    if (order.size < specs.length) return false;
    const others = [...[...this.#nodes.values()].map(({ spec }) => spec), ...specs];
    if (specs.some((spec) => others.some((other) => isReservedBy(spec.id!, other) || isReservedBy(other.id!, spec))))
      return false;
    const before = [...this.#nodes.values()].map((node) => ({ node, rank: node.rank }));
    const made = this.#made;
    this.#enter(
      [...specs].sort((a, b) => order.get(a.id!)! - order.get(b.id!)!),
      knows,
    );
    if (!ids.some((id) => this.#isIn(this.#nodes.get(id)!, this.#cut))) return true;
    this.#nodes.clear();
    this.#memberships.clear();
    for (const { node, rank } of before) {
      node.rank = rank;
      this.#nodes.set(node.id, node);
    }
    this.#made = made;
    return false;
  }

  #retry(node: RefNode): void {
    const again: RefNode[] = [];
    const reopen = (one: RefNode): void => {
      one.state = 'idle';
      one.base = one.attempts;
      one.output = one.becauseOf = undefined;
      one.onPurpose = false;
      one.turn++;
      one.due = false;
      again.push(one);
      if (this.#children(one).length > 0 && one.waitingOn !== undefined) this.#wait(one, one.waitingOn);
    };
    const isBad = ({ state }: RefNode): boolean => state === 'failed' || state === 'cancelled';
    for (let { parent } = node.spec; parent !== undefined; { parent } = this.#nodes.get(parent)!.spec)
      if (isBad(this.#nodes.get(parent)!)) reopen(this.#nodes.get(parent)!);
    const down = (one: RefNode): void => {
      reopen(one);
      for (const child of this.#children(one)) if (isBad(child) && !this.#isIn(child, this.#cut)) down(child);
    };
    down(node);
    // Of those skipped by failure, the ones that nothing bad stands against any more; they must hang on what is tried again.
    for (let grown = true; grown;) {
      grown = false;
      for (const one of this.#nodes.values()) {
        if (
          one.state !== 'skipped' ||
          this.#kind(one) !== 'bad' ||
          this.#isIn(one, this.#cut) ||
          !one.deps.some((id) => again.includes(this.#nodes.get(id)!))
        )
          continue;
        const kinds = one.deps.map((id) => this.#kind(this.#nodes.get(id)!));
        if (
          one.spec.runIf === 'anySucceeded'
            ? !kinds.some((kind) => kind === 'open' || kind === 'good')
            : kinds.includes('bad')
        )
          continue;
        reopen(one);
        grown = true;
      }
    }
  }

  #cancelRun(origin: 'user' | 'policy'): void {
    this.status = 'cancelling';
    this.#origin = origin;
    this.#cancel([...this.#nodes.values()]);
  }

  /** Ends what has not started now, and what runs in a moment: the actions here let go at once. */
  #cancel(nodes: readonly RefNode[]): void {
    for (const node of nodes)
      if (
        node.state === 'idle' ||
        node.state === 'retrying' ||
        (node.state === 'waiting' && node.waitingOn === 'input')
      )
        this.#end(node, 'cancelled');
    for (const node of nodes.filter(({ state }) => state === 'running').sort((a, b) => a.launched - b.launched))
      this.#inbox.push(() => {
        if (node.state === 'running') this.#end(node, 'cancelled');
      });
  }

  /* The graph */

  #enter(
    specs: readonly NodeSpec[],
    knows = (id: string): boolean => this.#nodes.has(id) || specs.some((spec) => spec.id === id),
  ): void {
    this.#memberships.clear();
    const entered = specs.map((spec) => ({ spec, id: spec.id!, deps: depsOf(spec, knows) }));
    const rank = (id: string): number => {
      const known = ranks.get(id);
      if (known !== undefined) return known;
      const { spec } = entered.find((node) => node.id === id)!;
      const parent = spec.parent === undefined ? undefined : this.#nodes.get(spec.parent);
      const behind = entered.filter(({ deps }) => deps.includes(id)).map((node) => rank(node.id));
      const found =
        lengthOf(spec) + Math.max(parent === undefined ? 0 : parent.rank - lengthOf(parent.spec), ...behind, 0);
      ranks.set(id, found);
      return found;
    };
    const ranks = new Map<string, number>();
    for (const { spec, id, deps } of entered)
      this.#nodes.set(id, {
        id,
        spec,
        index: this.#made++,
        deps,
        rank: rank(id),
        state: 'idle',
        attempts: 0,
        base: 0,
        due: false,
        onPurpose: false,
        turn: 0,
        launched: 0,
      });
    for (const { id, deps } of entered)
      for (const dep of deps) if (!ranks.has(dep)) this.#raise(this.#nodes.get(dep)!, this.#nodes.get(id)!);
  }

  /** The way from a node leads on over `next`: it, and what waits before it, is that much longer. */
  #raise(node: RefNode, next: RefNode): void {
    const rank = lengthOf(node.spec) + next.rank;
    if (rank <= node.rank || (node.state !== 'idle' && node.state !== 'retrying')) return;
    node.rank = rank;
    for (const dep of node.deps) this.#raise(this.#nodes.get(dep)!, node);
  }
}

const lengthOf = ({ estimateMs = 1 }: NodeSpec): number => estimateMs;

/** Whether what a node may expand into could take this id. */
const isReservedBy = (id: string, { id: base, forEach, action, failureAction }: NodeSpec): boolean => {
  if (!id.startsWith(base!)) return false;
  const rest = id.slice(base!.length);
  return (
    (forEach !== undefined && /^\[\d+\]($|\/|\.failure)/.test(rest)) ||
    (action === 'dag' && rest.startsWith('/')) ||
    (failureAction !== undefined && /^\.failure($|\/)/.test(rest))
  );
};

const needsNoSlot = ({ spec }: RefNode): boolean =>
  spec.forEach !== undefined || spec.action === 'dag' || spec.action === 'human.input';

const isOver = ({ state }: RefNode): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'skipped' || state === 'cancelled';

/** Places in topological order; of those free at once, the first defined comes first. Those in a cycle have none. */
const topological = (
  nodes: readonly { readonly id: string; readonly index: number; readonly deps: readonly string[] }[],
): Map<string, number> => {
  const order = new Map<string, number>();
  for (;;) {
    const next = nodes.find(({ id, deps }) => !order.has(id) && deps.every((dep) => order.has(dep)));
    if (next === undefined) return order;
    order.set(next.id, order.size);
  }
};

/** A node's dependencies, those that its references imply included; '?' for a reference that names nothing. */
export const depsOf = (spec: NodeSpec, knows: (id: string) => boolean): string[] => {
  const deps = new Set(spec.deps);
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || '$literal' in value) return;
    if (!('$ref' in value)) return Object.values(value).forEach(look);
    const { $ref, node, scope } = value as { $ref: string; node?: string; scope?: string };
    const found = node === undefined && scope === undefined ? longest($ref, knows) : undefined;
    const isMalformed = found !== undefined && !/^(?:\.[^.[\]]+|\[\d+\])*$/.test($ref.slice(found.length));
    const id = isMalformed ? '?' : (node ?? found);
    if (id !== undefined) deps.add(id);
    else if (!/^inputs([.[]|$)/.test($ref)) deps.add('?');
  };
  look([spec.inputs, spec.when, spec.forEach]);
  return [...deps];
};

const longest = (text: string, knows: (id: string) => boolean): string | undefined =>
  Array.from({ length: text.length }, (_, i) => text.slice(0, text.length - i)).find(
    (head) => knows(head) && /^([.[]|$)/.test(text.slice(head.length)),
  );

const follow = (value: Json, keys: readonly (string | number)[]): Json | undefined =>
  keys.reduce<Json | undefined>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Record<string, Json>)[key] : undefined,
    value,
  );

/** A sub-DAG's node under its parent's name. */
const prefixed = (value: unknown, parent: string, nodes: readonly NodeSpec[], key = ''): unknown => {
  if (key === '$literal' || typeof value !== 'object' || value === null)
    return key === 'id' ? `${parent}/${String(value)}` : value;
  if (Array.isArray(value))
    return key === 'deps'
      ? value.map((id: string) => `${parent}/${id}`)
      : value.map((item) => prefixed(item, parent, nodes));
  if ('$ref' in value) {
    const ref = value as { $ref: string; node?: string };
    const id = ref.node ?? longest(ref.$ref, (name) => nodes.some((node) => node.id === name));
    if (id === undefined) return { ...ref, scope: parent };
    return ref.node === undefined
      ? { ...ref, $ref: `${parent}/${ref.$ref}` }
      : { ...ref, $ref: `${parent}/${ref.$ref}`, node: `${parent}/${ref.node}` };
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      prefixed(inner, parent, nodes, key === '' || name === '$literal' ? name : `.${name}`),
    ]),
  );
};
