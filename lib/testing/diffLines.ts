/** Two lists of lines as one text: `  ` stands before what both have, `- ` before what was expected, `+ ` before what came. */
export const diffLines = (expected: readonly string[], actual: readonly string[]): string => {
  let head = 0;
  while (head < expected.length && head < actual.length && expected[head] === actual[head]) head++;
  let tail = 0;
  while (
    tail < expected.length - head &&
    tail < actual.length - head &&
    expected[expected.length - 1 - tail] === actual[actual.length - 1 - tail]
  )
    tail++;
  const before = actual.slice(0, head);
  const after = actual.slice(actual.length - tail);
  const changed = between(expected.slice(head, expected.length - tail), actual.slice(head, actual.length - tail));
  return [...around(before, -3), ...changed, ...around(after, 3)].join('\n');
};

const around = (lines: readonly string[], count: number): string[] => {
  const near = count < 0 ? lines.slice(count) : lines.slice(0, count);
  const shown = near.map((line) => `  ${line}`);
  const hidden = lines.length - near.length;
  if (hidden === 0) return shown;
  const note = `  … ${hidden} equal lines`;
  return count < 0 ? [note, ...shown] : [...shown, note];
};

/** The longest common subsequence, for as long as that is cheap. */
const between = (a: readonly string[], b: readonly string[]): string[] => {
  if (a.length * b.length > 1_000_000) return [...a.map((line) => `- ${line}`), ...b.map((line) => `+ ${line}`)];
  const common = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length)
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i]!}`);
      i++;
      j++;
    } else if (j === b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) lines.push(`- ${a[i++]!}`);
    else lines.push(`+ ${b[j++]!}`);
  return lines;
};
