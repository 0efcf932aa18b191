import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { wrong } from '../../run/checkOptions.js';

/** Fewer bytes could be found by trying. */
export const KEY_BYTES_MIN = 32;

/** How to get one, in the words of every message about a missing or weak key. */
export const HOW_TO_MAKE_A_KEY = 'make one with: openssl rand -hex 32';

/** The secret of a deployment: whoever has it may have actions run. It shows itself to nobody, neither in logs nor as JSON. */
export class SigningKey {
  readonly #secret: KeyObject;

  /** @param bytes - 32 or more, else a `DagError` is thrown. */
  constructor(bytes: Uint8Array) {
    if (bytes.length < KEY_BYTES_MIN)
      wrong(`The key has ${bytes.length} bytes, and ${KEY_BYTES_MIN} are needed; ${HOW_TO_MAKE_A_KEY}.`);
    this.#secret = createSecretKey(bytes);
  }

  /** The signature of these bytes: HMAC-SHA256 as base64url, 43 characters. */
  sign(prefix: string, body: Uint8Array): string {
    return createHmac('sha256', this.#secret).update(prefix).update(body).digest('base64url');
  }

  /** Tells, in a time that does not depend on where they differ, whether it is the signature of these bytes. */
  verifies(prefix: string, body: Uint8Array, signature: string): boolean {
    const right = Buffer.from(this.sign(prefix, body));
    const given = Buffer.from(signature.slice(0, right.length + 1));
    return given.length === right.length && timingSafeEqual(given, right);
  }
}

/**
 * The key that a text stands for: an even number of hexadecimal digits stands for bytes, any other text for its UTF-8.
 * Spaces around it are nothing. Throws a `DagError` for fewer than 32 bytes.
 */
export const signingKey = (text: string): SigningKey => {
  const trimmed = text.trim();
  const isHex = trimmed.length % 2 === 0 && /^[0-9a-f]+$/i.test(trimmed);
  return new SigningKey(Buffer.from(trimmed, isHex ? 'hex' : 'utf8'));
};
