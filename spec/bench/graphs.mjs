// The graphs that are measured, the same for every engine: arrays of { id, index, deps, parents }, dependencies first.

const nodesOf = (size, parentsOf) =>
  Array.from({ length: size }, (_, index) => {
    const parents = parentsOf(index);
    return { id: `n${index}`, index, deps: parents.map((parent) => `n${parent}`), parents };
  });

/** `count` different numbers below `end`. */
const several = (random, count, end) => {
  const chosen = new Set();
  while (chosen.size < Math.min(count, end)) chosen.add(Math.floor(random() * end));
  return [...chosen];
};

/** Each node waits for the one before it. */
const chain = (size) => nodesOf(size, (i) => (i === 0 ? [] : [i - 1]));

/** No node waits for another. */
const wide = (size) => nodesOf(size, () => []);

/** Layers of √size nodes; each node waits for three different ones of earlier layers. */
const layered = (size) => {
  const random = seeded(size);
  const width = Math.ceil(Math.sqrt(size));
  return nodesOf(size, (i) => several(random, 3, i - (i % width)));
};

/** A source, many that wait for it alone, √size that gather some of these each, and one that gathers those. */
const mapReduce = (size) => {
  const reducers = Math.floor(Math.sqrt(size));
  const mappers = size - reducers - 2;
  const share = Math.ceil(mappers / reducers);
  return nodesOf(size, (i) => {
    if (i === 0) return [];
    if (i <= mappers) return [0];
    const end = i === size - 1 ? i : 1 + Math.min(mappers, (i - mappers) * share);
    const start = i === size - 1 ? mappers + 1 : Math.min(end, 1 + (i - mappers - 1) * share);
    return Array.from({ length: end - start }, (_, n) => start + n);
  });
};

/** Each node waits for up to three others before it. */
const random = (size) => {
  const chance = seeded(size + 1);
  return nodesOf(size, (i) => several(chance, Math.floor(chance() * 4), i));
};

export const shapes = { chain, wide, layered, 'map-reduce': mapReduce, random };

/** mulberry32: numbers in 0..1 that a seed decides. */
export const seeded = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
