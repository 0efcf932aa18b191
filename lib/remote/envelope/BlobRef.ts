import { createHash } from 'node:crypto';
import * as E from '#fp-ts/Either';
import * as t from 'io-ts';
import type { Json } from '../../model/Json.js';
import { Count, strict } from '../../model/strict.js';
import type { BlobStore } from './BlobStore.js';
import { faulty, type EnvelopeFault } from './EnvelopeFault.js';

/** Stands in a signed body for a value that is kept elsewhere as JSON: so nobody can put another one in its place. */
export interface BlobRef {
  readonly blob: string;
  /** Of the JSON, as UTF-8. */
  readonly bytes: number;
  /** Of these bytes, in hexadecimal digits. */
  readonly sha256: string;
}
export const BlobRef: t.Type<BlobRef, BlobRef, unknown> = strict<BlobRef>(
  'BlobRef',
  { blob: t.string, bytes: Count, sha256: t.string },
  {},
);

/** Longer values are refused, unread: 64 MiB of JSON as UTF-8. */
export const BLOB_BYTES_MAX = 67_108_864;

/** Keeps a value by its content: the same value is kept once, whoever writes it. The only fault is `TooLarge`. */
export const putBlob = async (
  blobs: BlobStore,
  value: Json | Readonly<Record<string, Json>>,
  ttlMs: number,
  maxBytes = BLOB_BYTES_MAX,
): Promise<E.Either<EnvelopeFault, BlobRef>> => {
  const text = JSON.stringify(value);
  const bytes = Buffer.from(text);
  if (bytes.length > maxBytes) return tooLarge(bytes.length, maxBytes);
  const sha256 = sha256Of(bytes);
  await blobs.put(sha256, text, ttlMs);
  return E.right({ blob: sha256, bytes: bytes.length, sha256 });
};

/** Reads a value back, and believes nothing but its hash. Rejects where the store can't be reached. */
export const getBlob = async <A>(
  blobs: BlobStore,
  ref: BlobRef,
  codec: t.Type<A, any, unknown>,
  maxBytes = BLOB_BYTES_MAX,
): Promise<E.Either<EnvelopeFault, A>> => {
  if (ref.bytes > maxBytes) return tooLarge(ref.bytes, maxBytes);
  const text = await blobs.get(ref.blob, ref.bytes);
  if (text === undefined)
    return faulty('BlobMissing', 'A value that a message refers to is not there, or larger than it was.');
  const bytes = Buffer.from(text);
  if (bytes.length !== ref.bytes || sha256Of(bytes) !== ref.sha256)
    return faulty('Forged', 'A value that a message refers to is not the one that was signed.');
  try {
    const decoded = codec.decode(JSON.parse(bytes.toString()));
    if (E.isRight(decoded)) return decoded;
  } catch {
    // As below: what is signed and no JSON is as malformed as what is no such value.
  }
  return faulty('Malformed', 'A value that a message refers to is malformed.');
};

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const tooLarge = (bytes: number, maxBytes: number): E.Either<EnvelopeFault, never> =>
  faulty('TooLarge', `A value of a message has ${bytes} bytes as JSON, and ${maxBytes} are the limit.`);
