import type { NodeAction } from '../define/NodeAction.js';
import { explain, show } from '../model/explain.js';
import { toJson, type Json } from '../model/Json.js';
import type { BoundSpec } from '../state/NodeRecord.js';
import { Hopeless } from './Hopeless.js';
import { jobId } from './jobId.js';
import { LostJob } from './LostJob.js';
import type { RemoteJobs } from './RemoteJobs.js';
import type { JobNews, RemoteJob } from './RemoteEngine.js';

/** What a run's jobs have in common. */
export interface JobsOf {
  readonly runId: string;
  readonly dagName: string;
  /** When its first event happened. */
  readonly startedAt: () => number;
  readonly epoch: () => number;
  readonly graceMs: number;
  /** The engine can't be used, or can again. */
  readonly trouble: (error: Error | undefined) => void;
}

/** An attempt, as far as a worker has to know it. */
export interface Placed {
  readonly attempt: number;
  readonly inputs: unknown;
  readonly item?: Json;
  readonly progress: (value: Json) => void;
  readonly startedAt: number;
}

/** Runs the attempts of one run on workers. */
export class RunJobs {
  readonly #jobs: RemoteJobs;
  readonly #run: JobsOf;
  readonly #open = new Set<string>();

  constructor(jobs: RemoteJobs, run: JobsOf) {
    this.#jobs = jobs;
    this.#run = run;
  }

  /**
   * Has an action done by a worker of a pool; the Promise settles when the worker has ended it. `isKnown`: it may have been
   * handed over before.
   */
  run(pool: string, action: NodeAction, spec: BoundSpec, placed: Placed, isKnown: boolean): Promise<unknown> {
    const job = this.#job(pool, action, spec, placed);
    return new Promise((resolve, reject) => {
      this.#open.add(job.id);
      this.#jobs.add({
        job,
        isKnown,
        trouble: this.#run.trouble,
        hear: (news) => {
          if (news.type === 'progressed') return advance(placed, news.value);
          this.#open.delete(job.id);
          try {
            resolve(outputOf(news, action));
          } catch (error) {
            reject(error);
          }
        },
      });
    });
  }

  /** Takes a job back, if it is with a worker. */
  cancel(nodeId: string, attempt: number, reason: string): void {
    const id = this.#idOf(nodeId, attempt);
    if (this.#open.has(id)) this.#jobs.cancel(id, reason);
  }

  /** Waits no longer for a job, nor takes it back: whoever has the run now does. */
  leave(nodeId: string, attempt: number): void {
    if (this.#open.size > 0) this.#leave(this.#idOf(nodeId, attempt));
  }

  /** Waits for no job any longer. */
  leaveAll(): void {
    for (const id of this.#open) this.#leave(id);
  }

  #leave(id: string): void {
    if (this.#open.delete(id)) this.#jobs.leave(id);
  }

  #idOf(nodeId: string, attempt: number): string {
    return jobId(this.#run.runId, this.#run.startedAt(), nodeId, attempt);
  }

  #job(pool: string, action: NodeAction, spec: BoundSpec, placed: Placed): RemoteJob {
    const { runId, dagName, epoch, graceMs } = this.#run;
    const { id: nodeId, index, priority, timeoutMs, idleTimeoutMs } = spec;
    const { attempt, item } = placed;
    return {
      id: this.#idOf(nodeId, attempt),
      runId,
      dagName,
      nodeId,
      attempt,
      epoch: epoch(),
      pool,
      action: action.name,
      inputs: inputsFor(action, placed.inputs),
      ...(item !== undefined && { item }),
      ...(index !== undefined && { index }),
      ...(priority !== undefined && { priority }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(idleTimeoutMs !== undefined && { idleTimeoutMs }),
      graceMs,
      startedAt: placed.startedAt,
    };
  }
}

/** What came of a job, as an action would have given it or thrown it. */
const outputOf = (news: Exclude<JobNews, { type: 'progressed' }>, action: NodeAction): unknown => {
  switch (news.type) {
    case 'succeeded':
      return decoded(toJson(news.output), action);
    case 'failed': {
      const { name, message, stack, cause, data } = news.error;
      const error = Object.assign(new Error(message), { name, stack, cause, data });
      throw news.isFinal ? new Hopeless(error.message, { cause: error }) : error;
    }
    case 'stopped':
      throw new LostJob('it was taken back');
    case 'lost':
      throw new LostJob(news.reason);
    default:
      throw new LostJob(`it is ${news.type}`);
  }
};

/** Action codecs work at both ends: what a worker has encoded is decoded here, and encoded again for the log. */
const decoded = (output: Json, { name, output: codec }: NodeAction): unknown => {
  if (codec === undefined) return output;
  const result = codec.decode(output);
  if (result._tag === 'Right') return result.right;
  throw new Hopeless(`The output of action ${show(name)} does not fit: ${explain(result.left).join('; ')}`);
};

const inputsFor = ({ name, input }: NodeAction, inputs: unknown): Readonly<Record<string, Json>> => {
  const encoded = toJson(input === undefined ? inputs : input.encode(inputs));
  if (typeof encoded === 'object' && encoded !== null && !Array.isArray(encoded))
    return encoded as Readonly<Record<string, Json>>;
  throw new Hopeless(`The input codec of action ${show(name)} encodes to ${show(encoded)}, not to an object.`);
};

const advance = ({ progress }: Placed, value: Json): void => {
  try {
    progress(value);
  } catch {
    // It is no JSON: an engine that breaks its word, and no more than progress.
  }
};
