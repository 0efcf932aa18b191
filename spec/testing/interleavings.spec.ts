import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { interleavings, random, type Interleaving } from '../../lib/testing/index.js';

const test = suite('interleavings');

/** The order in which four promises settle, two of them made by a fifth. */
const orderOf = async (s: Interleaving): Promise<string> => {
  const seen: string[] = [];
  const see = (name: string) => async (promise: Promise<unknown>) => void seen.push(`${name}${String(await promise)}`);
  const a = s.action('a', 1);
  const b = s.action('b', (ctx: { x: number }) => ctx.x * 2);
  await Promise.all([
    see('a')(a.execute({})),
    see('b')(b.execute({ x: 21 })),
    s.later('c').then(() => Promise.all([see('d')(s.later(() => 4)), see('e')(s.later(5))])),
  ]);
  return seen.join(' ');
};

test('settles promises in every order, always in the same one for a seed', async () => {
  const orders = new Map<number, string>();
  const run = (options: { seed?: number; runs?: number }): Promise<void> =>
    interleavings(options, async (s) => {
      const order = await orderOf(s);
      if (orders.has(s.seed)) assert.is(order, orders.get(s.seed));
      orders.set(s.seed, order);
    });
  await run({ runs: 200 });
  await run({ seed: 3, runs: 5 });
  assert.is(orders.size, 200);
  assert.is(new Set(orders.values()).size, 4 * 3 * 2);
  for (const order of orders.values()) assert.equal(order.split(' ').sort(), ['a1', 'b42', 'd4', 'e5']);
});

test('names the failing seed, and finds it again alone', async () => {
  const body = async (s: Interleaving): Promise<void> => {
    const order = await orderOf(s);
    assert.is.not(order, 'd4 e5 b42 a1', 'unlucky order');
  };
  const failure = await interleavings({ runs: 1_000 }, body).catch((error: Error) => error);
  assert.instance(failure, Error);
  const [, seed] = /^seed (\d+): unlucky order$/.exec((failure as Error).message) ?? [];
  assert.ok(seed !== undefined);
  assert.instance((failure as Error).cause, assert.Assertion);
  const again = await interleavings({ seed: Number(seed), runs: 1 }, body).catch((error: Error) => error);
  assert.is((again as Error).message, (failure as Error).message);
});

test('rejects where a value throws', async () => {
  await interleavings({ runs: 3 }, async (s) => {
    const broken = s.action('broken', (): number => {
      throw new RangeError('no');
    });
    const error = await broken.execute({}).catch((reason: unknown) => reason);
    assert.instance(error, RangeError);
  });
});

test('gives up on a body that waits for something else', async () => {
  const error = await interleavings({ seed: 9, runs: 1, patienceMs: 5 }, () => new Promise<void>(() => {})).catch(
    (reason: Error) => reason,
  );
  assert.match((error as Error).message, /^seed 9: the body has not ended after 5 ms/);
});

test('draws the same numbers for the same seed', () => {
  const draw = (seed: number): number[] => {
    const next = random(seed);
    return Array.from({ length: 50 }, () => next());
  };
  assert.equal(draw(7), draw(7));
  assert.not.equal(draw(7), draw(8));
  assert.ok(draw(7).every((x) => x >= 0 && x < 1));
  const next = random(1);
  const dice = Array.from({ length: 1_000 }, () => next.int(1, 6));
  assert.equal(new Set(dice).size, 6);
  assert.ok(['x', 'y'].includes(next.pick(['x', 'y'])));
  const heads = Array.from({ length: 1_000 }, () => next.chance(0.3)).filter(Boolean).length;
  assert.ok(heads > 200 && heads < 400, `${heads}`);
});

test.run();
