import type { Cache } from '../define/Cache.js';
import { idempotencyKey } from '../define/idempotencyKey.js';
import type { NodeAction, NodeContext } from '../define/NodeAction.js';
import { explain } from '../model/explain.js';
import { failureOf } from '../model/Failure.js';
import { JsonError, isLonger, toJson, type Json } from '../model/Json.js';
import type { BoundSpec } from '../state/NodeRecord.js';
import { readResult, type ResultSink, type StopReading } from './readResult.js';
import { Hopeless, asHopeless, isOf } from './Hopeless.js';
import { workersOf } from '../plan/placement.js';
import { keep, recall } from './recall.js';
import { resultKey, type ResultCache } from './ResultCache.js';
import { leftToItself } from './leftToItself.js';
import { LostJob } from './LostJob.js';
import type { Workshop } from './Workshop.js';

/**
 * One attempt of a node, and the context that its action gets. Ends exactly once, whatever the action does: late values,
 * second results and errors after the end are ignored. On timeout and cancellation the signal is aborted, and the attempt
 * ends when the action does or the grace time runs out.
 */
export class Attempt implements NodeContext, ResultSink {
  readonly nodeId: string;
  readonly attempt: number;
  readonly index?: number;
  readonly item?: Json;
  inputs: any;
  /** The node's index in the run. */
  readonly at: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  private readonly workshop: Workshop;
  private readonly spec: BoundSpec;
  private over = false;
  private stopping: 'timeout' | 'idle' | 'cancel' | undefined;
  private controller: AbortController | undefined;
  private stopReading: StopReading | undefined;
  private action: NodeAction | undefined;
  /** Whose workers do it; undefined for an attempt in this process. */
  private pool: string | undefined;
  /** Under which the output is kept for other runs. */
  private key: string | undefined;
  private timeout: (() => void) | undefined;
  private idle: (() => void) | undefined;
  private grace: (() => void) | undefined;

  constructor(workshop: Workshop, at: number, spec: BoundSpec, attempt: number, item: Json | undefined, startedAt = 0) {
    this.workshop = workshop;
    this.at = at;
    this.startedAt = startedAt;
    this.spec = spec;
    this.nodeId = spec.id;
    this.attempt = attempt;
    if (item !== undefined) this.item = item;
    if (spec.index !== undefined) this.index = spec.index;
  }

  get runId(): string {
    return this.workshop.runId;
  }

  get dagName(): string {
    return this.workshop.dagName;
  }

  get cache(): Cache {
    return this.workshop.cache;
  }

  get appData(): unknown {
    return this.workshop.appData;
  }

  get idempotencyKey(): string {
    return idempotencyKey(this.workshop.runId, this.nodeId);
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.stopping !== undefined) this.controller.abort(this.abortReason());
    }
    return this.controller.signal;
  }

  get progress(): (value: Json) => void {
    return (value) => {
      if (this.over || this.stopping !== undefined) return;
      this.workshop.post({ type: 'Progressed', index: this.at, attempt: this.attempt, value: toJson(value) });
      this.refreshIdle();
    };
  }

  /**
   * Calls the action, or has a worker do so, who then keeps the times; `isKnown`: one may have it already. `inputs` may throw:
   * then the attempt fails for good.
   */
  run(action: NodeAction | undefined, inputs: () => Readonly<Record<string, Json>>, isKnown = false): void {
    if (this.workshop.jobs !== undefined) this.pool = workersOf(this.spec, action);
    const { timeoutMs } = this.spec;
    if (timeoutMs !== undefined && this.pool === undefined)
      this.timeout = this.workshop.timers.set(timeoutMs, () => this.stop('timeout'));
    this.refreshIdle();
    this.action = action;
    try {
      if (action === undefined) throw new Hopeless(`Action "${this.spec.action}" is not registered.`);
      const given = resolved(inputs);
      this.inputs = this.decode(action, given);
      if (!isKnown && this.workshop.results !== undefined && (this.spec.cache ?? 'never') !== 'never')
        return this.recall(this.workshop.results, resultKey(action, given, this.item), action);
    } catch (error) {
      return this.fail(error);
    }
    this.execute(action, isKnown);
  }

  /** Takes the output from the cache where it is there and not too old; else calls the action. */
  private recall(results: ResultCache, key: string, action: NodeAction): void {
    const ended = (): boolean => {
      if (!this.over && this.stopping !== undefined) this.end(false);
      return this.over;
    };
    recall(results, key, this.spec.cache, this.workshop.timers.now(), {
      hit: (output) => {
        if (ended()) return;
        this.close();
        this.workshop.post({ type: 'Succeeded', index: this.at, attempt: this.attempt, output, cached: true });
      },
      miss: () => {
        if (ended()) return;
        this.key = key;
        this.execute(action);
      },
    });
  }

  private execute(action: NodeAction, isKnown = false): void {
    let result: unknown;
    try {
      result =
        this.pool === undefined
          ? action.execute(this)
          : this.workshop.jobs!.run(this.pool, action, this.spec, this, isKnown);
    } catch (error) {
      return this.fail(error);
    }
    const stopReading = readResult(result, this);
    if (this.over) return stopReading(() => undefined);
    this.stopReading = stopReading;
    if (this.stopping === undefined) return;
    this.takeBack();
    stopReading(() => this.end(false));
  }

  /** Aborts the signal and lets the action end, for at most the grace time. */
  stop(why: 'timeout' | 'idle' | 'cancel'): void {
    if (this.over || this.stopping !== undefined) {
      if (why === 'cancel' && !this.over) this.stopping = 'cancel';
      return;
    }
    this.stopping = why;
    this.clearTimers();
    const graceMs = this.workshop.graceMs + (this.pool === undefined ? 0 : WAY_MS);
    this.grace = this.workshop.timers.set(graceMs, () => this.end(true));
    this.takeBack();
    this.controller?.abort(this.abortReason());
    this.stopReading?.(() => this.end(false));
  }

  private takeBack(): void {
    if (this.pool !== undefined) this.workshop.jobs!.cancel(this.nodeId, this.attempt, this.abortReason().message);
  }

  private decode(action: NodeAction, given: Readonly<Record<string, Json>>): unknown {
    if (action.input === undefined) return given;
    const decoded = action.input.decode(given);
    if (decoded._tag === 'Left')
      throw new Hopeless(`The inputs do not fit action "${action.name}": ${explain(decoded.left).join('; ')}`);
    return decoded.right;
  }

  /** The action has given an intermediate value. */
  advance(value: unknown): void {
    if (this.over || this.stopping !== undefined) return;
    try {
      this.workshop.post({ type: 'Progressed', index: this.at, attempt: this.attempt, value: toJson(value) });
      this.refreshIdle();
    } catch (error) {
      this.fail(error);
      this.stopReading?.(() => undefined);
    }
  }

  /** The action has ended with this value. */
  succeed(value: unknown): void {
    if (this.over) return;
    if (this.stopping !== undefined) return this.end(false);
    let output: Json;
    try {
      output = toJson(this.encode(value));
      if (this.workshop.isKept && isLonger(output, OUTPUT_CHARACTERS_MAX))
        throw new Hopeless(
          'The output has more than 64 MiB, which no store keeps; write it to a file and give its name.',
        );
    } catch (error) {
      return this.fail(error);
    }
    this.close();
    if (this.key !== undefined) keep(this.workshop.results, this.key, output, this.workshop.timers.now());
    this.workshop.post({ type: 'Succeeded', index: this.at, attempt: this.attempt, output });
  }

  private encode(value: unknown): unknown {
    const codec = this.action?.output;
    if (codec === undefined) return value;
    if (!codec.is(value)) {
      const decoded = codec.decode(value);
      throw new Hopeless(
        `The output of action "${this.spec.action}" does not fit: ${decoded._tag === 'Left' ? explain(decoded.left).join('; ') : `expected ${codec.name}`}`,
      );
    }
    return codec.encode(value);
  }

  /** The action has failed. */
  fail(error: unknown): void {
    if (this.over) return;
    if (this.stopping !== undefined) return this.end(false);
    this.close();
    if (isOf(error, LostJob))
      return this.workshop.post({ type: 'Lost', index: this.at, attempt: this.attempt, reason: error.message });
    const final = isOf(error, Hopeless) || isOf(error, JsonError);
    this.post(isOf(error, Hopeless) && error.cause !== undefined ? error.cause : error, final);
  }

  /** Ends an attempt that was stopped. */
  private end(abandoned: boolean): void {
    if (this.over) return;
    const why = this.stopping;
    this.close();
    if (why === 'cancel') this.workshop.post({ type: 'Stopped', index: this.at, attempt: this.attempt, abandoned });
    else this.post(abandoned ? leftToItself(this.abortReason(), this.workshop.graceMs) : this.abortReason(), false);
  }

  private post(error: unknown, final: boolean): void {
    this.workshop.post({
      type: 'Failed',
      index: this.at,
      attempt: this.attempt,
      error: failureOf(error),
      final,
      random: this.workshop.random(),
    });
  }

  private close(): void {
    this.over = true;
    this.clearTimers();
    this.grace?.();
    if (this.pool !== undefined) this.workshop.jobs!.leave(this.nodeId, this.attempt);
    this.workshop.ended(this);
  }

  private clearTimers(): void {
    this.timeout?.();
    this.idle?.();
    this.timeout = this.idle = undefined;
  }

  private refreshIdle(): void {
    const { idleTimeoutMs } = this.spec;
    if (idleTimeoutMs === undefined || this.over || this.pool !== undefined) return;
    this.idle?.();
    this.idle = this.workshop.timers.set(idleTimeoutMs, () => this.stop('idle'));
  }

  private abortReason(): DOMException {
    const { timeoutMs, idleTimeoutMs } = this.spec;
    return this.stopping === 'cancel'
      ? new DOMException(`Node "${this.nodeId}" was cancelled`, 'AbortError')
      : new DOMException(
          this.stopping === 'idle'
            ? `Timeout after ${idleTimeoutMs}ms without progress`
            : `Timeout after ${timeoutMs}ms`,
          'TimeoutError',
        );
  }
}

/** How much longer than the grace time an answer of a worker may be on its way, milliseconds. */
const WAY_MS = 2_000;
const OUTPUT_CHARACTERS_MAX = 64 * 1_024 * 1_024;

const resolved = (inputs: () => Readonly<Record<string, Json>>): Readonly<Record<string, Json>> => {
  try {
    return inputs();
  } catch (error) {
    throw asHopeless(error);
  }
};
