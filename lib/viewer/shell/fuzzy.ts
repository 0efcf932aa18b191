/** How well a text answers what was typed, more is better: its letters in order, runs and starts of words first; 0 if it does not. */
export const fuzzy = (typed: string, text: string): number => {
  if (typed === '') return 1;
  const wanted = typed.toLowerCase();
  const given = text.toLowerCase();
  const whole = given.indexOf(wanted);
  if (whole >= 0)
    return 1_000 + (isStart(given, whole) ? 500 : 0) - Math.min(400, whole + given.length - wanted.length);
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = given.indexOf(letter, at + 1);
    if (next < 0) return 0;
    score += next === at + 1 ? 5 : isStart(given, next) ? 4 : 1;
    at = next;
  }
  return score;
};

const isStart = (text: string, at: number): boolean => at === 0 || /[\s./_:[-]/.test(text[at - 1]!);
