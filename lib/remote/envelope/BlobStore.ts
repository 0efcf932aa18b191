/** Keeps what is too large for a message, by keys that the writer makes, for a time. Whatever it gives is checked. */
export interface BlobStore {
  /** Keeps a text for `ttlMs` milliseconds, or for as long as it is to be kept already where that is longer. */
  put(key: string, text: string, ttlMs: number): Promise<void>;
  /** The text, if it is there and has at most `maxBytes` bytes of UTF-8. Rejects where the store can't be reached. */
  get(key: string, maxBytes: number): Promise<string | undefined>;
}

/** Blobs in this process. @param now - epoch milliseconds. */
export const memoryBlobs = (now: () => number = Date.now): BlobStore => {
  const kept = new Map<string, { readonly text: string; readonly until: number }>();
  return {
    put(key, text, ttlMs) {
      for (const [old, { until }] of kept) if (until <= now()) kept.delete(old);
      kept.set(key, { text, until: Math.max(now() + ttlMs, kept.get(key)?.until ?? 0) });
      return Promise.resolve();
    },
    get(key, maxBytes) {
      const found = kept.get(key);
      const isThere = found !== undefined && found.until > now() && Buffer.byteLength(found.text) <= maxBytes;
      return Promise.resolve(isThere ? found.text : undefined);
    },
  };
};
