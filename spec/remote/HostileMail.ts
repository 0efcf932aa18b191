import * as E from '#fp-ts/Either';
import { memoryBlobs } from '../../lib/remote/envelope/BlobStore.js';
import { envelopes } from '../../lib/remote/envelope/Envelopes.js';
import { seal, type Envelope, type EnvelopeKind } from '../../lib/remote/envelope/seal.js';
import { signingKey, type SigningKey } from '../../lib/remote/envelope/SigningKey.js';
import type { RemoteJob } from '../../lib/run/RemoteEngine.js';
import type { Random } from '../../lib/testing/random.js';
import { jobOf } from './worker/jobOf.js';

const KINDS: readonly EnvelopeKind[] = ['job', 'result', 'progress', 'cancel'];

/**
 * Messages of somebody who can write to Redis, has read much of what was ever signed, and does not have the key. All jobs
 * among them are of the action `trap`; none of them may run.
 */
export class HostileMail {
  readonly #random: Random;
  readonly #key: SigningKey;
  readonly #stolen = signingKey('a key that is not the key of this deployment');
  /** Signed, for other places or other times. */
  readonly #seen = new Map<EnvelopeKind, Envelope[]>(KINDS.map((kind) => [kind, []]));

  private constructor(random: Random, key: SigningKey) {
    this.#random = random;
    this.#key = key;
  }

  static async of(random: Random, key: SigningKey): Promise<HostileMail> {
    const mail = new HostileMail(random, key);
    let now = Date.now();
    const genuine = envelopes({ key, blobs: memoryBlobs(), now: () => now, inlineMax: 40 });
    const see = (kind: EnvelopeKind, sealed: E.Either<unknown, Envelope>): void => {
      if (E.isRight(sealed)) mail.#seen.get(kind)!.push(sealed.right);
    };
    for (let i = 0; i < 20; i++) {
      const job = mail.#job({ inputs: i % 2 === 0 ? {} : { large: 'x'.repeat(100) } });
      see('job', await genuine.sealJob(job, 60_000));
      see('result', await genuine.sealResult(job, { type: 'succeeded', output: 'trapped' }));
      see('result', await genuine.sealResult(job, { type: 'stopped', abandoned: false }));
      see('progress', genuine.sealProgress({ id: job.id, delivery: 1, nth: 1, value: 'trapped' }));
      see('cancel', genuine.sealCancel({ id: job.id, pool: job.pool, runId: job.runId, reason: 'trapped' }));
    }
    now -= 86_400_000;
    for (let i = 0; i < 5; i++) see('job', await genuine.sealJob(mail.#job(), 60_000));
    return mail;
  }

  /** One that is to be taken for a message of this kind about this job. */
  next(kind: EnvelopeKind, about: Pick<RemoteJob, 'id' | 'pool' | 'runId'>): unknown {
    const { chance, int, pick } = this.#random;
    const genuine = pick(this.#seen.get(kind)!);
    switch (int(0, 11)) {
      case 0:
        return this.#signed(kind, this.#body(kind, about), this.#stolen);
      case 1: // for another job
        return genuine;
      case 2: // of another kind
        return this.#signed(pick(KINDS.filter((other) => other !== kind)), this.#body(kind, about), this.#key);
      case 3: {
        const body = JSON.stringify(this.#body(kind, about));
        return { v: 1, body, mac: chance(0.5) ? genuine.mac : '' };
      }
      case 4: {
        const at = int(0, genuine.body.length - 1);
        const changed = String.fromCharCode(genuine.body.charCodeAt(at) ^ int(1, 31));
        return { ...genuine, body: genuine.body.slice(0, at) + changed + genuine.body.slice(at + 1) };
      }
      case 5:
        return { ...genuine, mac: genuine.mac.slice(0, int(0, 42)) + 'A'.repeat(int(0, 4)) };
      case 6: // signed by somebody with the key, and not of the form
        return this.#signed(kind, this.#malformed(kind, about), this.#key);
      case 7:
        return pick<unknown>([null, 7, '', 'text', [], {}, true, [genuine], JSON.stringify(genuine), { v: 1 }]);
      case 8:
        return { ...genuine, ...pick<object>([{ v: 2 }, { extra: 1 }, { body: 7 }, { mac: null }, { body: genuine }]) };
      case 9:
        return JSON.parse(`{"__proto__":${JSON.stringify(genuine)},"constructor":{"prototype":{"v":1}}}`);
      case 10:
        return { ...genuine, body: pick(['', '{', '[['.repeat(int(1, 5_000)), '\u0000\ud800', 'null']) };
      default:
        return chance(0.02)
          ? { v: 1, body: 'x'.repeat(2_100_000), mac: genuine.mac }
          : { ...genuine, mac: genuine.body };
    }
  }

  /** A text where JSON is expected. */
  text(kind: EnvelopeKind, about: Pick<RemoteJob, 'id' | 'pool' | 'runId'>): string {
    const { chance, int, pick } = this.#random;
    if (chance(0.85)) return JSON.stringify(this.next(kind, about));
    return pick([
      '',
      '{',
      'undefined',
      '\u0000',
      '[['.repeat(int(1, 20_000)),
      '{"v":1,'.repeat(50),
      'NaN',
      '"',
      '1e999',
    ]);
  }

  #signed(kind: EnvelopeKind, body: object, key: SigningKey): unknown {
    const sealed = seal(kind, body, key);
    return E.isRight(sealed) ? sealed.right : undefined;
  }

  #job(fields: Partial<RemoteJob> = {}): RemoteJob {
    return jobOf('trap', { id: `seen.${this.#random.int(0, 1e9)}`, ...fields });
  }

  /** What would be taken if it were signed. */
  #body(kind: EnvelopeKind, { id, pool, runId }: Pick<RemoteJob, 'id' | 'pool' | 'runId'>): object {
    const name = { id, runId, nodeId: 'n', attempt: 1, epoch: 1 };
    switch (kind) {
      case 'job':
        return { ...this.#job({ id, pool }), expiresAt: Date.now() + 60_000 };
      case 'result':
        return { ...name, outcome: { type: 'succeeded', output: 'trapped' } };
      case 'progress':
        return { id, delivery: 9, nth: 9, value: 'trapped' };
      case 'cancel':
        return { id, pool, runId, reason: 'trapped' };
    }
  }

  #malformed(kind: EnvelopeKind, about: Pick<RemoteJob, 'id' | 'pool' | 'runId'>): object {
    const { int, pick } = this.#random;
    const body = this.#body(kind, about) as Record<string, unknown>;
    const [name] = pick(Object.entries(body));
    const nested = JSON.parse(`${'['.repeat(70)}${']'.repeat(70)}`) as unknown;
    switch (int(0, 3)) {
      case 0:
        return { ...body, [name]: undefined };
      case 1:
        return { ...body, [name]: nested };
      case 2:
        return { ...body, [`x${name}`]: 1 };
      default:
        return JSON.parse(`{"__proto__":${JSON.stringify(body)}}`) as object;
    }
  }
}
