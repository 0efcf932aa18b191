import * as E from '#fp-ts/Either';
import * as t from 'io-ts';
import { explain } from '../../model/explain.js';
import { printable } from '../../model/printable.js';
import { strict } from '../../model/strict.js';
import { faulty, type EnvelopeFault } from './EnvelopeFault.js';
import type { SigningKey } from './SigningKey.js';

/** What a message is; a signature for one kind is none for another. */
export type EnvelopeKind = 'job' | 'result' | 'progress' | 'cancel';

/** A signed message: `mac` is the base64url HMAC-SHA256 of `rxdag/<kind>/1`, a line feed, and `body`, the JSON of what it says. */
export interface Envelope {
  readonly v: 1;
  readonly body: string;
  readonly mac: string;
}
export const Envelope: t.Type<Envelope, Envelope, unknown> = strict<Envelope>(
  'Envelope',
  { v: t.literal(1), body: t.string, mac: t.string },
  {},
);

/** Longer bodies are refused, unread: 2 MB of UTF-8. */
export const MESSAGE_BYTES_MAX = 2_000_000;

/** Signs a body. The only fault is `TooLarge`. @param maxBytes - of the body's UTF-8. */
export const seal = (
  kind: EnvelopeKind,
  body: object,
  key: SigningKey,
  maxBytes = MESSAGE_BYTES_MAX,
): E.Either<EnvelopeFault, Envelope> => {
  const text = JSON.stringify(body);
  const bytes = Buffer.from(text);
  return bytes.length > maxBytes
    ? tooLarge(kind, bytes.length, maxBytes)
    : E.right({ v: 1, body: text, mac: key.sign(prefixOf(kind), bytes) });
};

/**
 * Takes what a message says, whatever it is and whoever wrote it: nothing of its body is read before the signature is
 * found right, and then only what the codec knows. Never throws.
 */
export const unseal = <A>(
  kind: EnvelopeKind,
  message: unknown,
  key: SigningKey,
  codec: t.Type<A, any, unknown>,
  maxBytes = MESSAGE_BYTES_MAX,
): E.Either<EnvelopeFault, A> => {
  try {
    const envelope = Envelope.decode(message);
    if (E.isLeft(envelope)) return faulty('Malformed', `This ${kind} is no envelope: ${reasons(envelope.left)}.`);
    const { body, mac } = envelope.right;
    if (body.length > maxBytes) return tooLarge(kind, body.length, maxBytes);
    const bytes = Buffer.from(body);
    if (bytes.length > maxBytes) return tooLarge(kind, bytes.length, maxBytes);
    if (!key.verifies(prefixOf(kind), bytes, mac))
      return faulty('Forged', `This ${kind} is not signed with the key of this process.`);
    // From the bytes that are signed: several texts can have the same ones, as lone surrogates have.
    const decoded = codec.decode(JSON.parse(bytes.toString()));
    return E.isRight(decoded) ? decoded : faulty('Malformed', `This ${kind} is malformed: ${reasons(decoded.left)}.`);
  } catch {
    // Not JSON, nested too deep for the stack, or an object whose properties throw.
    return faulty('Malformed', `This ${kind} can't be read.`);
  }
};

const prefixOf = (kind: EnvelopeKind): string => `rxdag/${kind}/1\n`;

const tooLarge = (kind: EnvelopeKind, bytes: number, maxBytes: number): E.Either<EnvelopeFault, never> =>
  faulty('TooLarge', `This ${kind} has ${bytes} bytes or more, and ${maxBytes} are the limit.`);

const reasons = (errors: t.Errors): string => printable(explain(errors).slice(0, 3).join('; ').slice(0, 400));
