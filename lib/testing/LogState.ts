import { defaultConfig, type DagConfig } from '../model/DagConfig.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { LogBranches } from './LogBranches.js';
import { LogGraph } from './LogGraph.js';
import type { Kind, LogNode, Phase } from './LogNode.js';
import type { RuleId, Violation } from './Violation.js';

const GUARANTEE: Readonly<Record<RuleId, string>> = {
  I1: 'G1',
  I2: 'G2',
  I3: 'G12',
  I4: 'G2',
  I5: 'G8',
  I6: 'G7',
  I7: 'G5',
  I8: 'G9',
  I14: 'G3',
  I15: 'G8',
  I20: 'G2',
};

/** A timer of the real clock may fire this much early, in milliseconds. */
const EARLY_MS = 2;

/** What a log that is being checked has come to, in a model of its own that owes nothing to the engine's reducer. */
export class LogState {
  readonly graph = new LogGraph();
  readonly branches = new LogBranches();
  readonly violations: Violation[] = [];
  config: DagConfig = defaultConfig;
  status: 'none' | 'running' | 'paused' | 'quiescent' | 'cancelling' | 'settled' = 'none';
  /** Whose wish it was that the run is cancelling. */
  origin: 'user' | 'deadline' | 'policy' | undefined;
  limit = 1;
  hookFailed = false;
  recovered = false;
  /** RunQuiescent has come, and no work since. */
  quiet = false;
  /** How many nodes are not final, and how many of the final ones stand against success. */
  open = 0;
  notGood = 0;
  seq = 0;
  at = -Infinity;
  readonly starting = new Set<LogNode>();
  #running = 0;
  readonly #pools = new Map<string, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get full(): boolean {
    return this.violations.length >= this.#most;
  }

  say(rule: RuleId, what: string, nodeId?: string): void {
    const guarantee = GUARANTEE[rule];
    const where = nodeId === undefined ? '' : `, node "${nodeId.slice(0, 200)}"`;
    const message = `${rule} (${guarantee}) at seq ${this.seq}${where}: ${what}.`;
    this.violations.push({ rule, guarantee, seq: this.seq, ...(nodeId === undefined ? {} : { nodeId }), message });
  }

  /** The node that an event speaks of, if its phase allows the event. */
  node(nodeId: string, what: string, ...allowed: readonly Phase[]): LogNode | undefined {
    const node = this.graph.get(nodeId);
    if (node === undefined) this.say('I3', `${what} although there is no such node`, nodeId);
    else if (allowed.length === 0 || allowed.includes(node.phase)) return node;
    else this.say('I3', `${what} although it is ${node.phase}`, nodeId);
    return undefined;
  }

  /** A node of an expansion or of the definition has come into being. */
  enter(node: LogNode): void {
    this.open++;
    this.branches.enter(node);
    const { parent } = node;
    if (parent !== undefined) {
      (parent.children ??= []).push(node);
      parent.openChildren++;
    }
  }

  /** Holds the start of a node against all that may forbid it. */
  begin(node: LogNode, what: string, takesSlot: boolean): void {
    const { id } = node;
    if (this.status === 'paused') this.say('I15', `${what} while the run is paused`, id);
    if (this.status === 'cancelling') this.say('I15', `${what} while the run is cancelling`, id);
    if (node.pausedBy > 0) this.say('I15', `${what} while its branch ${branchNames(node, 'paused')} is paused`, id);
    if (node.cancelledBy > 0)
      this.say('I15', `${what} although its branch ${branchNames(node, 'cancelled')} is cancelled`, id);
    if (node.phase === 'idle') this.#checkDeps(node, what);
    if (this.at < node.retryAt - EARLY_MS)
      this.say('I20', `${what} at ${this.at} ms, before its retry delay ended at ${node.retryAt} ms`, id);
    if (takesSlot && node.phase !== 'starting') this.takeSlot(node, what);
  }

  #checkDeps(node: LogNode, what: string): void {
    const runIf = node.spec.runIf ?? 'allSucceeded';
    let good = 0;
    for (const dep of node.deps) {
      if (dep.kind === 'good') good++;
      else if (!dep.final) {
        this.say('I2', `${what} though its dependency "${dep.id}" is ${dep.phase}`, node.id);
        return;
      } else if (runIf === 'allSucceeded') {
        this.say('I6', `${what} though its dependency "${dep.id}" is ${dep.phase} (runIf allSucceeded)`, node.id);
        return;
      }
    }
    if (runIf === 'anySucceeded' && good === 0 && node.deps.size > 0)
      this.say('I6', `${what} though none of its dependencies succeeded (runIf anySucceeded)`, node.id);
  }

  takeSlot(node: LogNode, what: string): void {
    const used = this.#running + this.starting.size;
    if (used >= this.limit) this.say('I4', `${what} though ${used} of ${this.limit} slots are in use`, node.id);
    const { pool } = node;
    if (pool === undefined) return;
    const inPool = this.#pools.get(pool) ?? 0;
    const limit = Object.hasOwn(this.config.pools, pool) ? this.config.pools[pool]! : Infinity;
    if (inPool >= limit)
      this.say('I4', `${what} though ${inPool} of ${limit} slots of pool "${pool}" are in use`, node.id);
    this.#pools.set(pool, inPool + 1);
  }

  /** Moves a node on; slots follow its phase. A kind makes it final, none makes it live (again). */
  move(node: LogNode, phase: Phase, kind?: Kind): void {
    const held = node.phase === 'running' || node.phase === 'starting';
    const holds = phase === 'running' || phase === 'starting';
    if (node.phase === 'running') this.#running--;
    if (node.phase === 'starting') this.starting.delete(node);
    if (phase === 'running') this.#running++;
    if (phase === 'starting') this.starting.add(node);
    if (held && !holds && node.pool !== undefined) this.#pools.set(node.pool, this.#pools.get(node.pool)! - 1);
    const was = node.final;
    if (was && isAgainst(node)) this.notGood--;
    node.phase = phase;
    node.kind = kind;
    if (node.final && isAgainst(node)) this.notGood++;
    if (was === node.final) return;
    this.open += was ? 1 : -1;
    if (node.parent !== undefined) node.parent.openChildren += was ? 1 : -1;
  }

  /** Gates that are being asked are asked again after a pause: their nodes are ready once more. */
  unstart(which: (node: LogNode) => boolean): void {
    for (const node of this.starting) if (which(node)) this.move(node, 'idle');
  }

  /** Checks what every event must keep, and tells whether it is worth looking further. */
  next(event: ExecutionEvent): boolean {
    const { seq, at, cause, by, nth } = event;
    const expected = this.seq + 1;
    this.seq = seq;
    if (seq !== expected) this.say('I1', `the event before it has seq ${expected - 1}`);
    if (!(at >= this.at)) this.say('I1', `time goes back from ${this.at} to ${at}`);
    else this.at = at;
    if (cause !== undefined && !(cause >= 0 && cause < seq)) this.say('I14', `its cause ${cause} is no earlier event`);
    if ((nth !== undefined || (cause !== undefined && event.type !== 'HookFailed')) && by === undefined)
      this.say('I14', `it has a cause but nobody it is by`);
    if (nth !== undefined && !(nth >= 1)) this.say('I14', `it is answer number ${nth}`);
    const first = event.type === 'RunStarted';
    if (first !== (this.status === 'none')) {
      this.say('I1', first ? 'RunStarted comes a second time' : `${event.type} comes before RunStarted`);
      return false;
    }
    if (this.status !== 'settled') return true;
    this.say('I7', `${event.type} comes after RunSettled`);
    return false;
  }
}

/** Failed, cancelled, or skipped for one that was: the run cannot succeed. */
const isAgainst = ({ phase, kind }: LogNode): boolean => phase === 'failed' || phase === 'cancelled' || kind === 'bad';

const branchNames = (node: LogNode, state: 'paused' | 'cancelled'): string =>
  (node.branches ?? [])
    .filter((branch) => branch.state === state)
    .map(({ id }) => `"${id}"`)
    .join(', ');
