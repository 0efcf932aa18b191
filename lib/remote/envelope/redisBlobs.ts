import type { BlobStore } from './BlobStore.js';

/** What is used of an ioredis client. */
export interface BlobClient {
  eval(script: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
  getrangeBuffer(key: string, start: number, end: number): Promise<Uint8Array>;
}

const PUT = `redis.call('SET', KEYS[1], ARGV[1], 'PX', math.max(redis.call('PTTL', KEYS[1]), tonumber(ARGV[2])))`;

/** Blobs as keys of Redis: `<prefix>:blob:<key>`, which Redis itself forgets in time. */
export const redisBlobs = (client: BlobClient, prefix = 'rxdag'): BlobStore => ({
  async put(key, text, ttlMs) {
    await client.eval(PUT, 1, `${prefix}:blob:${key}`, text, Math.max(1, Math.ceil(ttlMs)));
  },
  async get(key, maxBytes) {
    // One byte more than is wanted tells that there is too much; no more than that is ever sent.
    const bytes = await client.getrangeBuffer(`${prefix}:blob:${key}`, 0, maxBytes);
    return bytes.length === 0 || bytes.length > maxBytes ? undefined : Buffer.from(bytes).toString();
  },
});
