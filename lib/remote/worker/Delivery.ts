import type { Json } from '../../model/Json.js';
import { printable } from '../../model/printable.js';
import type { RemoteJob } from '../../run/RemoteEngine.js';
import type { JobOutcome } from '../envelope/bodies.js';
import type { Envelopes } from '../envelope/Envelopes.js';
import type { Envelope } from '../envelope/seal.js';
import { runJob, type RunJobOptions, type RunningJob } from './runJob.js';
import { Throttle } from './Throttle.js';
import type { JobOfWorker, TellEvent } from './WorkerEvent.js';

/** What the deliveries of one pool have in common. */
export interface Site extends Pick<RunJobOptions, 'registry' | 'allow' | 'appData'> {
  readonly pool: string;
  /** Who answers, for those who read why a job was refused. */
  readonly worker?: string;
  readonly envelopes: Envelopes;
  readonly tell: TellEvent;
  /** Whether somebody has wanted a job to end of late: each worker of a pool hears that. */
  hasHeard(id: string): boolean;
  /** Whether somebody has taken a job back at any time. */
  isCancelled(job: Pick<RemoteJob, 'id' | 'pool' | 'runId'>): Promise<boolean>;
}

/** A job as the queue hands it over. */
export interface Handed {
  readonly id: string;
  /** Whatever lies there. */
  readonly message: unknown;
  /** How often it was handed to a worker, from 1. */
  readonly delivery: number;
  send(progress: Envelope): Promise<void>;
}

/**
 * What becomes of a delivery. `refused`: no worker of this deployment should take it; `released`: another one may, and
 * `abandoned` tells that its action goes on here all the same.
 */
export type Answer =
  | { readonly type: 'answered'; readonly result: Envelope; readonly outcome: JobOutcome['type'] }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'released'; readonly reason: string; readonly abandoned: boolean };

type Released = Extract<Answer, { readonly type: 'released' }>;

/** Ten a second are enough for eyes, and each costs the queue an event. */
const PROGRESS_MS = 100;

/** One delivery of a job to this process, from the message to the signed result. */
export class Delivery {
  readonly id: string;
  readonly #site: Site;
  readonly #handed: Handed;
  #running: RunningJob | undefined;
  #isActing = false;
  #isCancelled = false;
  #released: Released | undefined;
  #giveUp: (answer: Answer) => void = () => undefined;
  readonly #givenUp = new Promise<Answer>((resolve) => (this.#giveUp = resolve));

  constructor(site: Site, handed: Handed) {
    this.id = handed.id;
    this.#site = site;
    this.#handed = handed;
  }

  /** Rejects only where what the message refers to can't be reached. */
  run(): Promise<Answer> {
    return Promise.race([this.#run(), this.#givenUp]);
  }

  /** Aborts the action, and answers that it was stopped. */
  cancel(): void {
    this.#isCancelled = true;
    this.#running?.stop();
  }

  /**
   * Aborts the action, and answers nothing: somebody else is to have the job. Where no action runs it is given up at once,
   * whatever is waited for.
   */
  release(reason: string): void {
    if (this.#released !== undefined) return;
    this.#released = { type: 'released', reason, abandoned: false };
    if (this.#isActing) this.#running?.stop();
    else this.#giveUp(this.#released);
    this.#site.tell({ type: 'released', id: this.id, pool: this.#site.pool, reason });
  }

  async #run(): Promise<Answer> {
    const { id, message } = this.#handed;
    const { envelopes, pool } = this.#site;
    const opened = await envelopes.openJob(message, { id, pool });
    if (opened._tag === 'Left') {
      const { type, message: why } = opened.left;
      return this.#refuse(type === 'Forged' ? `${why} ${SAME_KEY}` : why);
    }
    const job = opened.right;
    // One that was handed over or begun before may have been taken back since, and Redis knows; of others it is heard.
    const isOld = job.again === true || this.#handed.delivery > 1;
    if (this.#site.hasHeard(id) || (isOld && (await this.#site.isCancelled(job)))) this.#isCancelled = true;
    const early = this.#given();
    if (early !== undefined) return early;
    const outcome = this.#isCancelled ? notBegun : await this.#work(job);
    const released = this.#given();
    if (released !== undefined) return { ...released, abandoned: outcome.type === 'stopped' && outcome.abandoned };
    const sealed = await envelopes.sealResult(job, outcome);
    if (sealed._tag === 'Right') return { type: 'answered', result: sealed.right, outcome: outcome.type };
    const tooLarge: JobOutcome = {
      type: 'failed',
      error: { name: 'Error', message: `The result can't be sent: ${sealed.left.message}` },
      isFinal: true,
    };
    const instead = await envelopes.sealResult(job, tooLarge);
    if (instead._tag === 'Left') return this.#refuse(instead.left.message);
    return { type: 'answered', result: instead.right, outcome: 'failed' };
  }

  async #work(job: RemoteJob): Promise<JobOutcome> {
    const { registry, allow, appData, tell } = this.#site;
    const { id, pool, runId, nodeId, attempt, action } = job;
    const what: JobOfWorker = { id, pool, runId, nodeId, attempt, action, delivery: this.#handed.delivery };
    const progress = this.#progress();
    const began = performance.now();
    tell({ type: 'started', ...what });
    this.#isActing = true;
    this.#running = runJob(job, { registry, allow, appData, progress: (value) => progress.push(value) });
    if (this.#isCancelled || this.#given() !== undefined) this.#running.stop(); // by the action itself, or a listener
    const outcome = await this.#running.ended;
    this.#isActing = false;
    if (this.#given() !== undefined) {
      progress.close();
      return outcome;
    }
    const ms = Math.round(performance.now() - began);
    const error = outcome.type === 'failed' ? { error: printable(outcome.error.message.slice(0, ERROR_MAX)) } : {};
    tell({ type: 'ended', ...what, outcome: outcome.type, ms, ...error });
    await progress.end();
    return outcome;
  }

  /** Whether it was given up meanwhile. */
  #given(): Released | undefined {
    return this.#released;
  }

  #progress(): Throttle<Json> {
    const { id, delivery } = this.#handed;
    let nth = 0;
    return new Throttle<Json>(PROGRESS_MS, async (value) => {
      const sealed = this.#site.envelopes.sealProgress({ id, delivery, nth: ++nth, value });
      if (sealed._tag === 'Right') return this.#handed.send(sealed.right);
      this.#site.tell({
        type: 'trouble',
        message: `Progress of job ${printable(id)} is dropped: ${sealed.left.message}`,
      });
    });
  }

  #refuse(reason: string): Answer {
    this.#site.tell({ type: 'refused', id: this.id, pool: this.#site.pool, reason });
    const { worker } = this.#site;
    return { type: 'refused', reason: worker === undefined ? reason : `Worker ${worker} refused it: ${reason}` };
  }
}

const ERROR_MAX = 300;
const SAME_KEY = 'Both sides of a queue need the same one (RXDAG_KEY).';
const notBegun: JobOutcome = { type: 'stopped', abandoned: false };
