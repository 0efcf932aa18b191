import { toJson, type Json } from '../model/Json.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import type { ResultCache } from './ResultCache.js';

/** Looks whether an output is kept that is not too old. A cache that fails, whatever way, has nothing. */
export const recall = (
  results: ResultCache,
  key: string,
  cache: NodeSpec['cache'],
  now: number,
  { hit, miss }: { hit(output: Json): void; miss(): void },
): void => {
  const ttlMs = typeof cache === 'object' ? cache.ttlMs : Infinity;
  const look = async (): Promise<Json | undefined> => {
    const kept = await results.get(key)();
    if (kept._tag === 'Left' || kept.right === undefined || now - kept.right.at >= ttlMs) return undefined;
    return toJson(kept.right.output);
  };
  look().then(
    (output) => (output === undefined ? miss() : hit(output)),
    () => miss(),
  );
};

/** Keeps an output for other runs; whether that works is no matter of the node's. */
export const keep = (results: ResultCache | undefined, key: string, output: Json, at: number): void => {
  try {
    void results
      ?.set(key, output, at)()
      .catch(() => undefined);
  } catch {
    // A cache that fails is no fault of the node.
  }
};
