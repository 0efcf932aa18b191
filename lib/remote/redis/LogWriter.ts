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
import { append } from './scripts.js';

/** What one script takes, unless a single event has more: while it runs Redis answers nobody. */
const PART_EVENTS = 1_000;
const PART_CHARACTERS = 8 * 2 ** 20;

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
    const status = statusBehind(lease.status, events);
    const fields = fieldsOf(status, events, answered);
    const [first] = events;
    // Sent with it or before, so that no run with events is missing in the list; one without events is no run there.
    const [[word, detail = '']] = await Promise.all([
      this.#write(lease, expected, events, fields),
      expected === 0 && first?.type === 'RunStarted'
        ? listRun(this.#link, this.#keys, runId, startOf(first))
        : undefined,
    ]);
    if (word !== 'ok') throw this.#refusal(lease, expected, word, detail);
    lease.seq = expected + events.length;
    lease.status = status;
    if (events[events.length - 1]?.type === 'RunSettled') await closeRun(this.#link, this.#keys, runId);
  }

  /** Brings the events into the log, in parts where they are many; they count with the last one. */
  async #write(
    { runId, token, epoch }: Lease,
    expected: number,
    events: readonly ExecutionEvent[],
    fields: readonly (string | number)[],
  ): Promise<ScriptAnswer> {
    const { run, log } = this.#keys.of(runId);
    const batch = `:${expected}:${events.length}`;
    for (let before = 0; ;) {
      const texts: string[] = [];
      let characters = 0;
      while (before + texts.length < events.length && texts.length < PART_EVENTS && characters < PART_CHARACTERS) {
        const text = JSON.stringify(events[before + texts.length]);
        texts.push(text);
        characters += text.length;
      }
      const args = [token, epoch, expected, events.length, batch, this.#leaseMs, before, fields.length];
      const answer = await this.#link.run(append, [run, log], args.concat(fields, texts), { bytes: characters });
      before += texts.length;
      if (answer[0] !== 'ok' || before >= events.length) return answer;
    }
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
