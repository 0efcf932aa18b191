import * as E from '#fp-ts/Either';
import type { Type } from 'io-ts';
import { show } from '../../model/explain.js';
import { isLonger, Json } from '../../model/Json.js';
import { printable } from '../../model/printable.js';
import type { RemoteJob } from '../../run/RemoteEngine.js';
import { BLOB_BYTES_MAX, getBlob, putBlob, type BlobRef } from './BlobRef.js';
import type { BlobStore } from './BlobStore.js';
import {
  CancelBody,
  Inputs,
  JobBody,
  ProgressBody,
  ResultBody,
  type JobName,
  type JobOutcome,
  type ResultOutcome,
} from './bodies.js';
import { cappedFailure } from './cappedFailure.js';
import { faulty, type EnvelopeFault } from './EnvelopeFault.js';
import { MESSAGE_BYTES_MAX, seal, unseal, type Envelope, type EnvelopeKind } from './seal.js';
import type { SigningKey } from './SigningKey.js';

export interface EnvelopeOptions {
  readonly key: SigningKey;
  readonly blobs: BlobStore;
  /** Values of more JSON than about so many characters go by reference. @default 65,536 for inputs and items, 16,384 for outputs */
  readonly inlineMax?: number;
  /** Messages with a larger body are refused, bytes. @default 2000000 */
  readonly messageBytesMax?: number;
  /** Inputs, items and outputs with more JSON are refused, bytes. @default 67108864 */
  readonly blobBytesMax?: number;
  /** How long the large values of a result are kept, milliseconds: at least as long as the result. @default 2 hours */
  readonly resultTtlMs?: number;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

type Sealed<A> = E.Either<EnvelopeFault, A>;
/** What is kept elsewhere outlives what refers to it by so much. */
const BLOB_SLACK_MS = 3_600_000;
const REASON_MAX = 1_000;
const INPUT_INLINE_MAX = 65_536;
/** Less, as a queue keeps a result twice: with the job, and among its last 10,000 events or so. */
const OUTPUT_INLINE_MAX = 16_384;

/**
 * Signs and opens the messages of remote jobs. What is opened was signed by one who has the key, is meant for the place
 * where it was found, and has the form of its kind; all else is a fault. Promises reject only where blobs can't be reached.
 */
export interface Envelopes {
  /** @param ttlMs - how long workers may take the job. */
  sealJob(job: RemoteJob, ttlMs: number): Promise<Sealed<Envelope>>;
  openJob(
    message: unknown,
    at: Pick<RemoteJob, 'id' | 'pool'>,
  ): Promise<Sealed<RemoteJob & { readonly expiresAt: number }>>;
  sealResult(job: JobName, outcome: JobOutcome): Promise<Sealed<Envelope>>;
  openResult(message: unknown, at: Pick<JobName, 'id'>): Promise<Sealed<JobName & { readonly outcome: JobOutcome }>>;
  sealProgress(progress: ProgressBody): Sealed<Envelope>;
  openProgress(message: unknown, at: Pick<ProgressBody, 'id'>): Sealed<ProgressBody>;
  /** A reason is cut to 1,000 characters. */
  sealCancel(cancel: CancelBody): Sealed<Envelope>;
  openCancel(message: unknown, at: Pick<CancelBody, 'pool'> & Partial<CancelBody>): Sealed<CancelBody>;
}

export const envelopes = (options: EnvelopeOptions): Envelopes => {
  const { key, blobs, inlineMax, messageBytesMax = MESSAGE_BYTES_MAX } = options;
  const { blobBytesMax = BLOB_BYTES_MAX, resultTtlMs = 2 * BLOB_SLACK_MS, now = Date.now } = options;

  const sealed = (kind: EnvelopeKind, body: object) => seal(kind, body, key, messageBytesMax);
  const opened = <A extends object>(
    kind: EnvelopeKind,
    message: unknown,
    codec: Type<A, any, unknown>,
    at: Partial<A>,
  ) => {
    const body = unseal(kind, message, key, codec, messageBytesMax);
    return E.isLeft(body) ? body : inPlace(kind, body.right, at);
  };
  /** A value inside the message if it is short, else by reference. */
  const sent = async <K extends string>(name: K, value: Json | RemoteJob['inputs'], ttlMs: number, max: number) => {
    if (!isLonger(value, inlineMax ?? max)) return E.right({ [name]: value });
    const ref = await putBlob(blobs, value, ttlMs, blobBytesMax);
    return E.isLeft(ref) ? ref : E.right({ [`${name}At`]: ref.right });
  };
  const received = async <A>(
    what: string,
    value: A | undefined,
    ref: BlobRef | undefined,
    codec: Type<A, any, unknown>,
  ) => {
    if (ref === undefined)
      return value === undefined ? faulty('Malformed', `A message is without ${what}.`) : E.right(value);
    return value === undefined
      ? getBlob(blobs, ref, codec, blobBytesMax)
      : faulty('Malformed', `A message has ${what} twice, inside and by reference.`);
  };

  return {
    async sealJob({ inputs, item, ...job }, ttlMs) {
      const given = await sent('inputs', inputs, ttlMs + BLOB_SLACK_MS, INPUT_INLINE_MAX);
      if (E.isLeft(given)) return given;
      const piece =
        item === undefined ? E.right({}) : await sent('item', item, ttlMs + BLOB_SLACK_MS, INPUT_INLINE_MAX);
      if (E.isLeft(piece)) return piece;
      return sealed('job', { expiresAt: now() + ttlMs, ...job, ...given.right, ...piece.right });
    },
    async openJob(message, at) {
      const body = opened('job', message, JobBody, { id: at.id, pool: at.pool });
      if (E.isLeft(body)) return body;
      const { inputsAt, itemAt, inputs, item, ...job } = body.right;
      if (job.expiresAt < now()) return faulty('Expired', `This job was to be taken by ${dateOf(job.expiresAt)}.`);
      const given = await received('inputs', inputs, inputsAt, Inputs);
      if (E.isLeft(given)) return given;
      if (item === undefined && itemAt === undefined) return E.right({ inputs: given.right, ...job });
      const piece = await received('an item', item, itemAt, Json);
      return E.isLeft(piece) ? piece : E.right({ inputs: given.right, item: piece.right, ...job });
    },
    async sealResult({ id, runId, nodeId, attempt, epoch }, outcome) {
      const name = { id, runId, nodeId, attempt, epoch };
      if (outcome.type !== 'succeeded')
        return sealed('result', {
          ...name,
          outcome: outcome.type === 'failed' ? { ...outcome, error: cappedFailure(outcome.error) } : outcome,
        });
      const output = await sent('output', outcome.output, resultTtlMs, OUTPUT_INLINE_MAX);
      return E.isLeft(output) ? output : sealed('result', { outcome: { type: 'succeeded', ...output.right }, ...name });
    },
    async openResult(message, at) {
      const body = opened('result', message, ResultBody, { id: at.id });
      if (E.isLeft(body)) return body;
      const { outcome: sent, ...name } = body.right;
      const outcome = await whole(sent);
      return E.isLeft(outcome) ? outcome : E.right({ outcome: outcome.right, ...name });
    },
    sealProgress: (progress) => sealed('progress', progress),
    openProgress: (message, at) => opened('progress', message, ProgressBody, { id: at.id }),
    sealCancel: (cancel) => sealed('cancel', { ...cancel, reason: cancel.reason.slice(0, REASON_MAX) }),
    openCancel: (message, at) => opened('cancel', message, CancelBody, at),
  };

  async function whole(outcome: ResultOutcome): Promise<Sealed<JobOutcome>> {
    if (outcome.type === 'failed') return E.right({ ...outcome, error: cappedFailure(outcome.error) });
    if (outcome.type === 'stopped') return E.right(outcome);
    const output = await received('an output', outcome.output, outcome.outputAt, Json);
    return E.isLeft(output) ? output : E.right({ type: 'succeeded', output: output.right });
  }
};

/** A signed message at a place that it was not signed for is one that somebody moved. */
const inPlace = <A extends object>(kind: EnvelopeKind, body: A, at: Partial<A>): Sealed<A> => {
  for (const [name, wanted] of Object.entries(at))
    if (wanted !== undefined && body[name as keyof A] !== wanted)
      return faulty(
        'Misplaced',
        printable(`This ${kind} has the ${name} ${show(body[name as keyof A])} and lies at ${show(wanted)}.`),
      );
  return E.right(body);
};

const dateOf = (at: number): string => (Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at));
