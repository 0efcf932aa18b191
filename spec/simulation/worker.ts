import { check, depthOf, simulate } from './simulate.js';
import { planFor } from './randomPlan.js';
import { shrink } from './shrink.js';

// Simulates the seeds `first`, `first + stride`, … (`count` of them) and prints progress and failures as JSON lines.
const [first = 1, stride = 1, count = 1] = process.argv.slice(2).map(Number);

const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

const failuresOf = async (seed: number): Promise<readonly string[]> => {
  try {
    return await simulate(seed);
  } catch (error) {
    return [`it throws ${String((error as Error)?.stack ?? error)}`];
  }
};

let failed = 0;
let done = 0;
let told = Date.now();
for (let i = 0; i < count && failed < 3; i++) {
  const seed = first + i * stride;
  const wrong = await failuresOf(seed);
  done++;
  if (Date.now() - told > 1_000) {
    told = Date.now();
    say({ done });
    done = 0;
  }
  if (wrong.length === 0) continue;
  failed++;
  // What makes it small must go wrong in the same way: by the same rule, or with the same first words.
  const sign = (text = ''): string => /^[IG]\d+/.exec(text)?.[0] ?? text.split(' ').slice(0, 3).join(' ');
  const small = await shrink(planFor(seed), async (smaller) => {
    try {
      const found = await check(smaller, depthOf(seed));
      return found.some((text) => sign(text) === sign(wrong[0]));
    } catch (error) {
      return sign(`it throws ${String(error)}`) === sign(wrong[0]);
    }
  });
  const again = await check(small, depthOf(seed)).catch((error: unknown) => [String(error)]);
  say({ seed, wrong: wrong.slice(0, 5), small, again: again.slice(0, 5) });
}
say({ done });
