import { randomBytes } from 'node:crypto';
import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { RunStatus } from '../../model/Status.js';
import { Fault } from '../../stores/Fault.js';
import { takenOver } from '../../stores/ownerText.js';
import { statusAfter, tellsStatus } from '../../stores/statusAfter.js';
import type { StoreKeys } from './keys.js';
import type { Lease } from './Leases.js';
import { encodeName } from './names.js';
import { closeRun, listRun } from './RunList.js';
import type { RedisLink, ScriptAnswer } from './RedisLink.js';
import { damagedAt, damagedRun, newerRun } from './runFaults.js';
import { ANSWER, ownerIn } from './RunHash.js';
import { append, stage } from './scripts.js';

/** What goes into one script at most, in events and characters, unless a single event has more. */
const DIRECT = { events: 1_000, characters: 32 * 2 ** 20 };
/** More is brought beside the log in such parts, and becomes a part of it at once. */
const PART = { events: 1_000, characters: 8 * 2 ** 20 };
/** So long a part stays without the next one, milliseconds. */
const STAGED_MS = 300_000;
const STAGED_TRIES_MAX = 3;

interface Batch {
  readonly lease: Lease;
  readonly texts: readonly string[];
  readonly characters: number;
  /** Fields and values of the run's hash. */
  readonly fields: readonly (string | number)[];
}

/** Appends to logs: each call all or nothing, and once, however often its answer gets lost. */
export class LogWriter {
  readonly #link: RedisLink;
  readonly #keys: StoreKeys;
  readonly #leaseMs: number;

  constructor(link: RedisLink, keys: StoreKeys, leaseMs: number) {
    this.#link = link;
    this.#keys = keys;
    this.#leaseMs = leaseMs;
  }

  async append(
    lease: Lease,
    expected: number,
    events: readonly ExecutionEvent[],
    answered: Readonly<Record<string, number>>,
  ): Promise<void> {
    const { runId } = lease;
    const texts = events.map((event) => JSON.stringify(event));
    const status = statusBehind(lease.status, events);
    const batch = {
      lease,
      texts,
      characters: texts.reduce((sum, text) => sum + text.length, 0),
      fields: fieldsOf(status, events, answered),
    };
    const [first] = events;
    const written =
      events.length <= DIRECT.events && (batch.characters <= DIRECT.characters || events.length === 1)
        ? this.#write(batch, expected, texts)
        : this.#writeStaged(batch, expected);
    // Sent with it or before, so that no run with events is missing in the list; one without events is no run there.
    const [[word, detail = '']] = await Promise.all([
      written,
      expected === 0 && first?.type === 'RunStarted'
        ? listRun(this.#link, this.#keys, runId, startOf(first))
        : undefined,
    ]);
    if (word !== 'ok') throw this.#refusal(lease, expected, word, detail);
    lease.seq = expected + events.length;
    lease.status = status;
    if (events[events.length - 1]?.type === 'RunSettled') await closeRun(this.#link, this.#keys, runId);
  }

  async #write(batch: Batch, expected: number, texts: readonly string[], staged?: string): Promise<ScriptAnswer> {
    const { lease, characters, fields } = batch;
    const { run, log } = this.#keys.of(lease.runId);
    const count = batch.texts.length;
    const written = this.#link.run(
      append,
      staged === undefined ? [run, log] : [run, log, staged],
      [
        lease.token,
        lease.epoch,
        expected,
        count,
        `:${expected}:${count}:${characters}`,
        this.#leaseMs,
        Math.max(1, Math.min(1_000, Math.floor((PART.characters * count) / (characters + 1)))),
        fields.length,
        ...fields,
      ].concat(texts),
      { bytes: characters },
    );
    try {
      return await written;
    } catch (error) {
      if (/equal or smaller/.test((error as Error).message)) return ['corrupt']; // an entry that is not ours
      throw error;
    }
  }

  /** Brings the events beside the log, in parts, and makes them a part of it in one go. */
  async #writeStaged(batch: Batch, expected: number): Promise<ScriptAnswer> {
    for (let tries = 1; ; tries++) {
      const staged = this.#keys.of(batch.lease.runId).staged(randomBytes(9).toString('base64url'));
      const isThere = await this.#stage(batch, expected, staged);
      const answer = isThere ? await this.#write(batch, expected, [], staged) : (['unstaged'] as const);
      if (answer[0] !== 'unstaged') return answer;
      if (tries === STAGED_TRIES_MAX)
        throw new Fault(
          'StoreUnavailable',
          `Redis at ${this.#link.place} loses what it is given before it can be stored.`,
        );
    }
  }

  async #stage({ lease, texts }: Batch, expected: number, staged: string): Promise<boolean> {
    for (let from = 0; from < texts.length;) {
      let to = from;
      let characters = 0;
      while (to < texts.length && to < from + PART.events && (to === from || characters < PART.characters))
        characters += texts[to++]!.length;
      const part = texts.slice(from, to);
      const head: (string | number)[] = [from, STAGED_MS, lease.epoch, expected + from + 1];
      const [word] = await this.#link.run(stage, [staged], head.concat(part), { bytes: characters });
      if (word !== 'ok') return false;
      from = to;
    }
    return true;
  }

  #refusal({ runId, seq }: Lease, expected: number, word: string, detail: string): Fault {
    const name = JSON.stringify(runId);
    switch (word) {
      case 'fenced':
        return new Fault('Fenced', takenOver(runId, ownerIn(detail)));
      case 'gone':
        return new Fault('Fenced', `Run ${name} is not in Redis at ${this.#link.place}, or no longer.`);
      case 'ends':
        return Number(detail) < seq
          ? new Fault(
              'Diverged',
              `The log of run ${name} ends at ${detail}, though ${seq} events were stored: Redis has lost its last ones. Resume the run.`,
            )
          : new Fault('Conflict', `The log of run ${name} ends at ${detail}, not at ${expected}.`);
      case 'newer':
        return newerRun(runId, detail);
      case 'corrupt':
        return damagedAt(runId, expected);
      default:
        return damagedRun(runId);
    }
  }
}

const statusBehind = (before: RunStatus, events: readonly ExecutionEvent[]): RunStatus => {
  let status = before;
  for (const event of events)
    if (status === 'quiescent' || tellsStatus(event.type)) status = statusAfter(status, event);
  return status;
};

/** All that may have changed, and not only what has: what Redis brings back after a crash is then overwritten. */
const fieldsOf = (
  status: RunStatus,
  events: readonly ExecutionEvent[],
  answered: Readonly<Record<string, number>>,
): readonly (string | number)[] => {
  const first = events[0];
  const last = events[events.length - 1];
  return [
    'status',
    status,
    'endedAt',
    last?.type === 'RunSettled' ? last.at : '',
    ...(first?.type === 'RunStarted' ? ['dagName', JSON.stringify(first.dagName), 'startedAt', startOf(first)] : []),
    ...Object.entries(answered).flatMap(([hook, seq]) => [ANSWER + encodeName(hook), seq]),
  ];
};

const startOf = ({ at, forkedFrom }: Extract<ExecutionEvent, { readonly type: 'RunStarted' }>): number =>
  forkedFrom?.at ?? at;
