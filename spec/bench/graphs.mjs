// The graphs that are measured: arrays of { id, deps }, dependencies first, the same for every subject.

/** Each node waits for the one before it. */
const chain = (size) => Array.from({ length: size }, (_, i) => ({ id: `n${i}`, deps: i === 0 ? [] : [`n${i - 1}`] }));

/** No node waits for another. */
const wide = (size) => Array.from({ length: size }, (_, i) => ({ id: `n${i}`, deps: [] }));

/** Layers of √size nodes; each node waits for three different ones of earlier layers. */
const layered = (size) => {
  const random = seeded(size);
  const width = Math.ceil(Math.sqrt(size));
  return Array.from({ length: size }, (_, i) => {
    const earlier = i - (i % width);
    const deps = new Set();
    while (deps.size < Math.min(3, earlier)) deps.add(`n${Math.floor(random() * earlier)}`);
    return { id: `n${i}`, deps: [...deps] };
  });
};

export const shapes = { chain, wide, layered };

/** mulberry32: numbers in 0..1 that a seed decides. */
export const seeded = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
