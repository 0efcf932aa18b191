import * as E from '#fp-ts/Either';
import { Subject, type Observable } from 'rxjs';
import { printable } from '../../model/printable.js';
import type { JobNews, RemoteJob } from '../../run/RemoteEngine.js';
import type { Envelopes } from '../envelope/Envelopes.js';
import type { EnvelopeFault } from '../envelope/EnvelopeFault.js';
import type { StreamEntry } from './EventTail.js';
import type { JobState } from './jobStates.js';

/** What is remembered of a job that has not ended. */
interface Watched {
  /** Of the owner who waits for it; what workers were given by a later owner is not for this one. */
  epoch: number;
  /** The last progress that was told: what is older is no news. */
  delivery: number;
  nth: number;
}

/** Large values that are fetched at once. */
const FETCHES_MAX = 8;

/**
 * What the events and the states of a queue mean. The events are hints that anybody could have written: only what is signed
 * is told from them, and the rest is looked up. Of jobs that nobody asked for nothing is read.
 */
export class JobWatch {
  readonly news$: Observable<JobNews>;
  readonly #news = new Subject<JobNews>();
  readonly #watched = new Map<string, Watched>();
  readonly #mail: Envelopes;
  readonly #valueMax: number;
  readonly #onFault: (fault: EnvelopeFault & { readonly jobId: string }) => void;

  /** @param valueMax - longer values are not parsed. */
  constructor(mail: Envelopes, valueMax: number, onFault: (fault: EnvelopeFault & { readonly jobId: string }) => void) {
    this.#mail = mail;
    this.#valueMax = valueMax;
    this.#onFault = onFault;
    this.news$ = this.#news.asObservable();
  }

  /** From now on there is news of these jobs. Gives the ids of those that are new here. */
  add(jobs: readonly (Pick<RemoteJob, 'id'> & Partial<RemoteJob>)[]): ReadonlySet<string> {
    const fresh = new Set<string>();
    for (const { id, epoch = Infinity } of jobs) {
      const known = this.#watched.get(id);
      if (known !== undefined) known.epoch = epoch === Infinity ? known.epoch : epoch;
      else {
        this.#watched.set(id, { epoch, delivery: 0, nth: 0 });
        fresh.add(id);
      }
    }
    return fresh;
  }

  tell(news: JobNews): void {
    if (news.type !== 'waiting' && news.type !== 'running' && news.type !== 'progressed') this.#watched.delete(news.id);
    this.#news.next(news);
  }

  /** Somebody was told on asking: an end, of which no event may ever come, is news for those who wait since longer. */
  told(news: JobNews, isFresh: boolean): void {
    if (news.type === 'waiting' || news.type === 'running') return;
    if (isFresh || news.type === 'missing') this.#watched.delete(news.id);
    else if (this.#watched.has(news.id)) this.tell(news);
  }

  /** Tells what is sure of a queue's events, and gives the ids of those jobs that have to be looked up. */
  async hear(entries: readonly StreamEntry[]): Promise<readonly string[]> {
    const unsure = new Set<string>();
    const ends: [string, string | undefined][] = [];
    for (const [, fields] of entries) {
      const { event, jobId: id, data, returnvalue } = named(fields);
      if (id === undefined || !this.#watched.has(id)) continue;
      if (event === 'active') this.tell({ id, type: 'running' });
      else if (event === 'progress') this.#progress(id, data);
      else if (event === 'completed') ends.push([id, returnvalue]);
      else if (event === 'failed' || event === 'removed') unsure.add(id);
    }
    await inTurns(ends, async ([id, json]) => {
      const news = await this.#resultOf(id, json).catch(() => undefined);
      if (news === undefined) return; // its output can't be fetched at the moment
      if (E.isLeft(news)) unsure.add(id);
      else if (this.#watched.has(id)) this.tell(news.right);
    });
    return [...unsure].filter((id) => this.#watched.has(id));
  }

  /** What the states of jobs mean, in their order. Rejects where an output can't be fetched. */
  read(ids: readonly string[], states: readonly JobState[]): Promise<readonly JobNews[]> {
    return inTurns(
      ids.map((id, i) => [id, states[i]!] as const),
      ([id, state]) => this.#newsOf(id, state),
    );
  }

  /** Whether it is the signed cancel of a job. */
  isCancel(json: string, at: Pick<RemoteJob, 'id' | 'pool'>): boolean {
    if (json === '') return false;
    const cancel = this.#mail.openCancel(this.#parsed(json), at);
    if (E.isLeft(cancel)) this.#fault(at.id, cancel.left);
    return E.isRight(cancel);
  }

  async #newsOf(id: string, state: JobState): Promise<JobNews> {
    switch (state.type) {
      case 'failed':
        return { id, type: 'lost', reason: printable(state.reason.slice(0, 1_000)) };
      case 'stray':
        return { id, type: 'lost', reason: 'The queue has the job, and no place for it.' };
      case 'completed': {
        const news = await this.#resultOf(id, state.json);
        if (E.isRight(news)) return news.right;
        return news.left === LATER ? { id, type: 'running' } : { id, type: 'lost', reason: news.left.message };
      }
      default:
        return { id, type: state.type };
    }
  }

  async #resultOf(id: string, json: string | undefined): Promise<E.Either<EnvelopeFault, JobNews>> {
    const { epoch = Infinity } = this.#watched.get(id) ?? {};
    const result = await this.#mail.openResult(this.#parsed(json), { id });
    const fault = E.isLeft(result) ? result.left : result.right.epoch > epoch ? LATER : undefined;
    if (fault !== undefined) this.#fault(id, fault);
    if (E.isLeft(result) || fault !== undefined) return E.left(fault!);
    return E.right({ id, ...result.right.outcome });
  }

  #progress(id: string, json: string | undefined): void {
    const progress = this.#mail.openProgress(this.#parsed(json), { id });
    if (E.isLeft(progress)) return this.#fault(id, progress.left);
    const { delivery, nth, value } = progress.right;
    const last = this.#watched.get(id)!;
    if (delivery < last.delivery || (delivery === last.delivery && nth <= last.nth)) return;
    last.delivery = delivery;
    last.nth = nth;
    this.tell({ id, type: 'progressed', value });
  }

  #parsed(json: string | undefined): unknown {
    if (json === undefined || json.length > this.#valueMax) return undefined;
    try {
      return JSON.parse(json);
    } catch {
      return undefined;
    }
  }

  #fault(jobId: string, fault: EnvelopeFault): void {
    this.#onFault({ ...fault, jobId });
  }
}

const LATER: EnvelopeFault = { type: 'Misplaced', message: 'This result is for a later owner of the run.' };

/** The fields of an entry that say something here. */
const named = (fields: readonly string[]): { event?: string; jobId?: string; data?: string; returnvalue?: string } => {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let i = 0; i + 1 < fields.length; i += 2) found[fields[i]!] = fields[i + 1]!;
  return found;
};

const inTurns = async <A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> => {
  const done: B[] = [];
  for (let i = 0; i < items.length; i += FETCHES_MAX)
    done.push(...(await Promise.all(items.slice(i, i + FETCHES_MAX).map(work))));
  return done;
};
