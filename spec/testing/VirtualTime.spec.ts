import fc from 'fast-check';
import {
  asapScheduler,
  concatMap,
  debounceTime,
  delay,
  firstValueFrom,
  from,
  interval,
  observeOn,
  of,
  range,
  take,
  throwError,
  timeout,
  timer,
  toArray,
  type SchedulerAction,
} from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VirtualTime, VirtualTimeError } from '../../lib/testing/index.js';

const test = suite('VirtualTime');

test('starts at 0, or at a given epoch', () => {
  assert.is(new VirtualTime().now(), 0);
  assert.is(new VirtualTime(1_700_000_000_000).now(), 1_700_000_000_000);
});

test('runs what is due first first, and what is due at once in the order in which it was scheduled', () => {
  const time = new VirtualTime();
  const seen: string[] = [];
  for (const [name, ms] of [
    ['c', 20],
    ['a', 10],
    ['d', 20],
    ['b', 10],
    ['now', 0],
    ['past', -5],
  ] as const)
    time.schedule(() => seen.push(`${name}@${time.now()}`), ms);
  assert.is(time.flush(), 6);
  assert.equal(seen, ['now@0', 'past@0', 'a@10', 'b@10', 'c@20', 'd@20']);
});

test('hands the state over, and lets an action schedule itself again', () => {
  const time = new VirtualTime(100);
  const seen: [number, number][] = [];
  time.schedule(
    function (this: SchedulerAction<number>, left?: number) {
      seen.push([time.now(), left!]);
      if (left! > 0) this.schedule(left! - 1, left! * 10);
    },
    5,
    2,
  );
  time.flush();
  assert.equal(seen, [
    [105, 2],
    [125, 1],
    [135, 0],
  ]);
});

test('keeps one entry per action: scheduling again replaces it', () => {
  const time = new VirtualTime();
  const seen: number[] = [];
  const action = time.schedule(() => seen.push(time.now()), 10) as SchedulerAction<unknown>;
  action.schedule(undefined, 30);
  assert.is(time.pending, 1);
  time.flush();
  assert.equal(seen, [30]);
});

test('never runs what was unsubscribed, and forgets it', () => {
  const time = new VirtualTime();
  const actions = Array.from({ length: 1_000 }, (_, i) => time.schedule(() => assert.unreachable(), i));
  const kept = time.schedule(() => {}, 500);
  for (const action of actions) action.unsubscribe();
  assert.is(time.pending, 1);
  assert.is(time.nextAt, 500);
  assert.is(time.flush(), 1);
  kept.unsubscribe();
  assert.is(time.pending, 0);
  assert.is(time.nextAt, undefined);
});

test('an action that ends itself does not run again', () => {
  const time = new VirtualTime();
  let ran = 0;
  time.schedule(function (this: SchedulerAction<unknown>) {
    ran++;
    this.unsubscribe();
    this.schedule(undefined, 1);
  });
  time.flush();
  assert.is(ran, 1);
});

test('advances by and to an instant, and stands there', () => {
  const time = new VirtualTime(1_000);
  const seen: number[] = [];
  for (const ms of [5, 10, 15]) time.schedule(() => seen.push(time.now()), ms);
  assert.is(time.advanceBy(10), 2);
  assert.is(time.now(), 1_010);
  assert.is(time.advanceTo(1_012), 0);
  assert.is(time.now(), 1_012);
  assert.is(time.advanceTo(2_000), 1);
  assert.equal(seen, [1_005, 1_010, 1_015]);
  assert.throws(() => time.advanceTo(1_999), /cannot go from 2000 to 1999/);
  assert.throws(() => time.advanceTo(Number.NaN), RangeError);
  assert.throws(() => time.advanceBy(Infinity), RangeError);
});

test('an error comes out of flush at its instant, and the rest goes on afterwards', () => {
  const time = new VirtualTime();
  const seen: string[] = [];
  time.schedule(() => seen.push('a'), 1);
  const bad = time.schedule(() => {
    throw new Error('b');
  }, 2);
  time.schedule(() => seen.push(`c@${time.now()}`), 2);
  assert.throws(() => time.flush(), /^b$/);
  assert.is(time.now(), 2);
  assert.is(time.pending, 1);
  assert.ok(bad.closed);
  time.flush();
  assert.equal(seen, ['a', 'c@2']);
});

test('stops at maxMs and refuses more than maxActions', () => {
  const time = new VirtualTime();
  const seen: number[] = [];
  const ticking = interval(10, time).subscribe((i) => seen.push(i));
  assert.is(time.flush({ maxMs: 35 }), 3);
  assert.equal(seen, [0, 1, 2]);
  assert.throws(
    () => time.flush({ maxActions: 100 }),
    (error: Error) => error instanceof VirtualTimeError && /100 actions have run and 1 are left/.test(error.message),
  );
  ticking.unsubscribe();
  assert.is(time.flush(), 0);
});

test('refuses to be moved from inside an action', () => {
  const time = new VirtualTime();
  time.schedule(() => time.flush());
  time.schedule(() => {});
  assert.throws(() => time.flush(), /cannot move the time/);
});

test('what is never due waits without stopping the rest', () => {
  const time = new VirtualTime();
  let ran = false;
  time.schedule(() => assert.unreachable(), Infinity);
  time.schedule(() => (ran = true), 1);
  assert.is(time.flush(), 1);
  assert.ok(ran);
  assert.is(time.pending, 1);
});

test("is RxJS's clock as well", () => {
  const time = new VirtualTime();
  const seen: unknown[] = [];
  const see =
    (name: string) =>
    (value: unknown): void =>
      void seen.push(`${time.now()} ${name} ${JSON.stringify(value)}`);
  timer(50, 25, time).pipe(take(2)).subscribe(see('timer'));
  of('x').pipe(delay(60, time)).subscribe(see('delay'));
  from([1, 2, 3])
    .pipe(
      concatMap((i) => of(i).pipe(delay(10 * i, time))),
      debounceTime(15, time),
    )
    .subscribe(see('debounce'));
  timer(1_000, time)
    .pipe(timeout({ each: 100, scheduler: time, with: () => throwError(() => new Error('late')) }))
    .subscribe({ error: (error: Error) => see('timeout')(error.message) });
  range(0, 3).pipe(observeOn(time), toArray()).subscribe(see('observeOn'));
  time.flush();
  assert.equal(seen, [
    '0 observeOn [0,1,2]',
    '25 debounce 1',
    '45 debounce 2',
    '50 timer 0',
    '60 delay "x"',
    '60 debounce 3',
    '75 timer 1',
    '100 timeout "late"',
  ]);
  assert.is(time.pending, 0);
});

test('runs like a naive sorted list, whatever is scheduled, repeated and cancelled', () => {
  const step = fc.record({
    delay: fc.integer({ min: -1, max: 6 }),
    again: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
    spawns: fc.integer({ min: 0, max: 2 }),
    cancels: fc.option(fc.nat({ max: 50 })),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      const time = new VirtualTime();
      assert.equal(play(steps, time), play(steps, new NaiveTime()));
      assert.is(time.pending, 0);
    }),
    { numRuns: 1_000 },
  );
});

interface Step {
  readonly delay: number;
  readonly again: readonly number[];
  readonly spawns: number;
  readonly cancels: number | null;
}

interface Clock {
  now(): number;
  flush(): unknown;
  schedule(
    work: (this: SchedulerAction<number>, state?: number) => void,
    delay: number,
    state: number,
  ): { unsubscribe(): void };
}

/** Lets each action repeat itself, start others and cancel others, and tells what ran when. */
const play = (steps: readonly Step[], clock: Clock): readonly string[] => {
  const seen: string[] = [];
  const made: { unsubscribe(): void }[] = [];
  const start = (i: number, depth: number): void => {
    const { delay, again, spawns, cancels } = steps[i]!;
    const name = `${i}.${depth}.${made.length}`;
    made.push(
      clock.schedule(
        function (round = 0) {
          seen.push(`${clock.now()} ${name} ${round}`);
          if (cancels !== null) made[cancels % made.length]!.unsubscribe();
          if (depth < 2 && round === 0) for (let k = 1; k <= spawns; k++) start((i + k) % steps.length, depth + 1);
          if (again[round] !== undefined) this.schedule(round + 1, again[round]);
        },
        delay,
        0,
      ),
    );
  };
  for (const i of steps.keys()) start(i, 0);
  clock.flush();
  return seen;
};

/** The same, said as simply as possible. */
class NaiveTime implements Clock {
  #now = 0;
  #made = 0;
  #list: { due: number; order: number; run: () => void; open: () => boolean }[] = [];

  now(): number {
    return this.#now;
  }

  schedule(
    work: (this: SchedulerAction<number>, state?: number) => void,
    delay: number,
    state: number,
  ): { unsubscribe(): void } {
    let closed = false;
    let turn = 0;
    const action = {
      schedule: (next?: number, ms = 0) => {
        if (closed) return action;
        const mine = ++turn;
        this.#list.push({
          due: this.#now + Math.max(0, ms),
          order: this.#made++,
          run: () => work.call(action as unknown as SchedulerAction<number>, next),
          open: () => !closed && mine === turn,
        });
        return action;
      },
      unsubscribe: () => {
        closed = true;
      },
    };
    return action.schedule(state, delay);
  }

  flush(): void {
    for (;;) {
      this.#list = this.#list.filter((entry) => entry.open()).sort((a, b) => a.due - b.due || a.order - b.order);
      const next = this.#list.shift();
      if (next === undefined) return;
      this.#now = next.due;
      next.run();
    }
  }
}

test('takes 200,000 actions, most of them cancelled, in passing', () => {
  const time = new VirtualTime();
  const begun = performance.now();
  for (let i = 0; i < 200_000; i++) {
    const action = time.schedule(() => {}, (i * 7_919) % 100_003);
    if (i % 4 !== 0) action.unsubscribe();
  }
  assert.is(time.flush(), 50_000);
  assert.ok(performance.now() - begun < 20_000);
});

const promises = suite('VirtualTime with promises');

promises('lets promises take their turns between two instants', async () => {
  const time = new VirtualTime();
  const seen: string[] = [];
  const sleep = (ms: number): Promise<unknown> => firstValueFrom(timer(ms, time));
  const walk = async (name: string, ms: number): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      await sleep(ms);
      await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${time.now()} ${name}`);
    }
  };
  void walk('a', 10);
  void walk('b', 15);
  await time.runAll();
  assert.equal(seen, ['10 a', '15 b', '20 a', '30 b', '30 a', '45 b']);
});

promises('advances until a promise settles, and no further', async () => {
  const time = new VirtualTime();
  time.schedule(() => assert.unreachable(), 1_000);
  const value = firstValueFrom(timer(40, time)).then(async () => {
    await Promise.resolve();
    return 'here';
  });
  assert.is(await time.until(value), 'here');
  assert.is(time.now(), 40);
  assert.is(time.pending, 1);
});

promises('gives the error of a promise that rejects, and that of an action that throws', async () => {
  const time = new VirtualTime();
  const rejected = firstValueFrom(timer(40, time)).then(() => {
    throw new Error('no');
  });
  await rejects(time.until(rejected), /^no$/);
  time.schedule(() => {
    throw new Error('thrown');
  }, 5);
  await rejects(time.until(new Promise(() => {})), /^thrown$/);
});

promises('waits a little for real timers and input', async () => {
  const time = new VirtualTime();
  assert.is(
    await time.until(new Promise((resolve) => setTimeout(resolve, 30, 'in time')), { patienceMs: 5_000 }),
    'in time',
  );
});

promises('says so when nothing is left to happen', async () => {
  const time = new VirtualTime();
  time.schedule(() => {}, 25);
  await rejects(
    time.until(new Promise(() => {}), { patienceMs: 2 }),
    /^Nothing is left to happen at 25 ms \(1 actions ran\), but the promise has not settled\.$/,
  );
});

promises('names the nodes that a run still waits for', async () => {
  const status = { ask: 'waiting', load: 'pending', fetch: 'succeeded' } as const;
  const run = {
    report: new Promise<never>(() => {}),
    snapshot: {
      dagName: 'etl',
      status: 'running',
      nodes: () => Object.entries(status).map(([id, status]) => ({ id, status })),
      whyNotStarted: (id: string) => ({
        on: id === 'ask' ? [{ input: true }] : [{ dependency: 'ask' }, { pool: 'db' }],
      }),
    } as never,
  };
  await rejects(
    new VirtualTime().until(run, { patienceMs: 1 }),
    /but the run "etl" is running: "ask" is waiting \(input\), "load" is pending \(dependency ask, pool db\)\.$/,
  );
});

promises('stops at a limit and says what is scheduled', async () => {
  const time = new VirtualTime();
  const ticking = interval(10, time).subscribe();
  await rejects(
    time.until(new Promise(() => {}), { maxMs: 100 }),
    /^The limit was reached at 100 ms \(10 actions ran\), but the promise has not settled; 1 actions are scheduled, the next at 110 ms\.$/,
  );
  ticking.unsubscribe();
});

promises('works beside RxJS schedulers that use the event loop', async () => {
  const time = new VirtualTime();
  const seen = from([1, 2]).pipe(
    observeOn(asapScheduler),
    concatMap((i) => of(i).pipe(delay(5, time), observeOn(asapScheduler))),
    toArray(),
  );
  assert.equal(await time.until(firstValueFrom(seen)), [1, 2]);
  assert.is(time.now(), 10);
});

const rejects = async (promise: Promise<unknown>, message: RegExp): Promise<void> => {
  const error = await promise.then(
    () => assert.unreachable('the promise should reject'),
    (reason: unknown) => reason,
  );
  assert.match((error as Error).message, message);
};

test.run();
promises.run();
