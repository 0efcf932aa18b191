/** The known name nearest to a misspelt one, if any is near: at most a third of its letters differ. */
export const nearest = (name: string, known: Iterable<string>): string | undefined => {
  if (name.length > 100) return undefined;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  let budget = 100_000;
  for (const candidate of known) {
    if ((budget -= 1) <= 0) break;
    if (Math.abs(candidate.length - name.length) >= least) continue;
    budget -= 99;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
};

/** Ends a sentence with the nearest known name as a question; empty if none is near. */
export const didYouMean = (name: string, known: Iterable<string>): string => {
  const near = nearest(name, known);
  return near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
};

/** How many letters to change, add, leave out or swap with the next one. */
const editDistance = (a: string, b: string): number => {
  let above: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? above[j - 2]! + 1 : Infinity;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1), swap));
    }
    above = row;
    row = next;
  }
  return row[b.length]!;
};
