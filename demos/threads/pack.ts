import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import type { ThreadContext } from '../../lib/remote/threads/index.js';

/** What became of a file: how long it was, how long it is packed, and what tells whether it was packed the same way. */
export interface Packed {
  readonly bytes: number;
  readonly packedBytes: number;
  readonly sha256: string;
}

const PART_BYTES = 128 * 1_024;
const params = { [constants.BROTLI_PARAM_QUALITY]: 10 };

/** Packs a file, part by part, in the thread that calls it: nothing but computing, and nothing is awaited. */
export default ({ item, progress }: ThreadContext): Packed => {
  const content = readFileSync(new URL(item as string));
  const hash = createHash('sha256');
  let packedBytes = 0;
  for (let start = 0; start < content.length; start += PART_BYTES) {
    const packed = brotliCompressSync(content.subarray(start, start + PART_BYTES), { params });
    hash.update(packed);
    packedBytes += packed.length;
    progress(Math.min(start + PART_BYTES, content.length));
  }
  return { bytes: content.length, packedBytes, sha256: hash.digest('hex') };
};
