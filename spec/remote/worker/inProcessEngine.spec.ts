import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { action } from '../../../lib/define/action.js';
import { ActionRegistry } from '../../../lib/define/ActionRegistry.js';
import type { NodeContext } from '../../../lib/define/NodeAction.js';
import {
  inProcessEngine,
  type InProcessEngine,
  type InProcessOptions,
} from '../../../lib/remote/inProcess/inProcessEngine.js';
import { Unplaceable, type JobNews } from '../../../lib/run/RemoteEngine.js';
import { random } from '../../../lib/testing/random.js';
import { VirtualTime } from '../../../lib/testing/VirtualTime.js';
import { isDagError } from '../../support/isDagError.js';
import { jobOf } from './jobOf.js';

const test = suite('inProcessEngine');

/** Actions whose calls are held until let go of. */
class Gate {
  readonly started: string[] = [];
  readonly #ends = new Map<string, (value: unknown) => void>();
  readonly registry = new ActionRegistry().register(
    action('held', ({ nodeId, signal }: NodeContext) => {
      this.started.push(nodeId);
      return new Promise((end) => {
        this.#ends.set(nodeId, end);
        signal.addEventListener('abort', end);
      });
    }),
    action('double', ({ inputs }) => inputs.n * 2),
    action('boom', () => Promise.reject(new RangeError('boom'))),
    action('tell', ({ progress }: NodeContext) => {
      progress(1);
      progress(2);
      return 3;
    }),
  );

  async end(nodeId: string, value: unknown = null): Promise<void> {
    this.#ends.get(nodeId)!(value);
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

const open = (options: Partial<InProcessOptions> = {}): { gate: Gate; engine: InProcessEngine; heard: JobNews[] } => {
  const gate = new Gate();
  const engine = inProcessEngine({ registry: gate.registry, ...options });
  const heard: JobNews[] = [];
  engine.news$.subscribe((news) => heard.push(news));
  return { gate, engine, heard };
};

const types = (heard: readonly JobNews[]): string[] => heard.map(({ type }) => type);

test('tells of jobs what becomes of them, and the same when asked', async () => {
  const { engine, heard } = open();
  const jobs = [jobOf('double', { inputs: { n: 21 } }), jobOf('boom'), jobOf('tell'), jobOf('unknown')];
  assert.equal(types(await engine.peek(jobs)), ['missing', 'missing', 'missing', 'missing']);
  await engine.submit(jobs);
  await settled();
  const [doubled, boom, told, unknown] = await engine.peek(jobs);
  assert.equal(doubled, { id: jobs[0]!.id, type: 'succeeded', output: 42 });
  assert.ok(boom?.type === 'failed' && boom.error.name === 'RangeError' && !boom.isFinal);
  assert.ok(told?.type === 'succeeded' && told.output === 3);
  assert.ok(unknown?.type === 'failed' && unknown.isFinal);
  const of = (i: number): JobNews[] => heard.filter(({ id }) => id === jobs[i]!.id);
  assert.equal(types(of(0)), ['running', 'succeeded']);
  assert.equal(of(2).slice(1, 3), [
    { id: jobs[2]!.id, type: 'progressed', value: 1 },
    { id: jobs[2]!.id, type: 'progressed', value: 2 },
  ]);
  assert.equal(of(1).at(-1), boom);
});

test('what is submitted again stays as it is', async () => {
  const { engine, gate, heard } = open();
  const job = jobOf('held', { nodeId: 'a' });
  await engine.submit([job]);
  await engine.submit([job, job]);
  assert.equal(gate.started, ['a']);
  await gate.end('a', 'x');
  await engine.submit([job]);
  await settled();
  assert.equal(gate.started, ['a']);
  assert.equal(types(heard), ['running', 'succeeded']);
});

test('runs so many of each pool at once, higher priority first, then as they came', async () => {
  const { engine, gate } = open({ concurrency: { small: 1, large: 2 } });
  const held = (pool: string, nodeId: string, priority = 0) => jobOf('held', { pool, nodeId, priority });
  await engine.submit([held('small', 'a')]);
  await engine.submit([held('small', 'b'), held('small', 'c', 5), held('small', 'd', 5)]);
  await engine.submit([held('large', 'x'), held('large', 'y'), held('large', 'z', -1)]);
  assert.equal(gate.started, ['a', 'x', 'y']);
  await gate.end('a');
  await gate.end('c');
  await gate.end('d');
  assert.equal(gate.started.slice(3), ['c', 'd', 'b']);
  assert.equal(types(await engine.peek([held('large', 'z'), held('large', 'y')])), ['waiting', 'running']);
});

test('one that waits never runs once it is cancelled, one that runs is stopped', async () => {
  const { engine, gate, heard } = open({ concurrency: 1 });
  const [a, b] = [jobOf('held', { nodeId: 'a' }), jobOf('held', { nodeId: 'b' })];
  await engine.submit([a, b]);
  await engine.cancel(b, 'not needed');
  assert.equal(heard.at(-1), { id: b.id, type: 'stopped', abandoned: false });
  await engine.cancel(a, 'not needed');
  await settled();
  assert.equal(heard.at(-1), { id: a.id, type: 'stopped', abandoned: false });
  await engine.cancel(jobOf('held'), 'nobody knows it');
  assert.equal(gate.started, ['a']);
  assert.is(heard.length, 3);
});

test('remembers only so many that have ended', async () => {
  const { engine } = open({ retained: 2 });
  const jobs = [1, 2, 3].map((n) => jobOf('double', { inputs: { n } }));
  for (const job of jobs) {
    await engine.submit([job]);
    await settled();
  }
  assert.equal(types(await engine.peek(jobs)), ['missing', 'succeeded', 'succeeded']);
});

test('refuses a pool that no engine could have, and bad options', async () => {
  const { engine, gate } = open();
  const bad = jobOf('double', { pool: 'a:b' });
  try {
    await engine.submit([jobOf('held'), bad]);
    throw new Error('it was taken');
  } catch (error) {
    assert.ok(error instanceof Unplaceable);
    assert.is(error.jobId, bad.id);
    assert.match(error.message, /A pool of workers can't be called "a:b"/);
  }
  assert.equal(gate.started, []);
  const { registry } = gate;
  for (const options of [{ concurrency: 0 }, { concurrency: { a: 1.5 } }, { retained: 0 }, { faults: { lostNews: 2 } }])
    assert.throws(() => inProcessEngine({ registry, ...options }), isDagError);
});

test('a closed engine takes nothing more, and its jobs go on', async () => {
  const { engine, gate, heard } = open();
  await engine.submit([jobOf('held', { nodeId: 'a' })]);
  await engine.close();
  const refused = await engine.submit([jobOf('held')]).then(
    () => 'taken',
    (error: Error) => error.message,
  );
  assert.match(refused, /closed/);
  await gate.end('a');
  assert.is(heard.at(-1)?.type, 'succeeded');
});

test('a job is lost or forgotten when told so', async () => {
  const { engine, gate, heard } = open();
  const [a, b] = [jobOf('held', { nodeId: 'a' }), jobOf('held', { nodeId: 'b' })];
  await engine.submit([a, b]);
  engine.lose(a.id, 'gone');
  engine.forget(b.id);
  await gate.end('a');
  await gate.end('b');
  assert.equal(heard.at(-1), { id: a.id, type: 'lost', reason: 'gone' });
  assert.equal(types(await engine.peek([a, b])), ['lost', 'missing']);
  await engine.submit([b]);
  assert.equal(gate.started, ['a', 'b', 'b']);
});

test('goes wrong as told, and the same with the same numbers', async () => {
  const play = async (seed: number): Promise<string[]> => {
    const time = new VirtualTime();
    const numbers = random(seed);
    const faults = {
      random: numbers,
      lostNews: 0.2,
      doubledNews: 0.2,
      lateNewsMs: 50,
      droppedJobs: 0.2,
      lostJobs: 0.2,
    };
    const { engine, heard } = open({ scheduler: time, faults: { ...faults, doubledJobs: 0.2, failedCalls: 0.2 } });
    const log: string[] = [];
    engine.news$.subscribe((news) => log.push(`${time.now()} ${news.id} ${news.type}`));
    const jobs = Array.from({ length: 50 }, (_, n) => jobOf('double', { nodeId: `n${n}`, inputs: { n } }));
    for (const job of jobs) await engine.submit([job]).catch((error: Error) => log.push(error.message));
    await time.runAll();
    for (const job of jobs)
      await engine.peek([job]).then(
        ([news]) => log.push(news!.type),
        () => log.push('unreached'),
      );
    assert.ok(heard.length > 0);
    return log;
  };
  const log = await play(7);
  assert.equal(await play(7), log);
  assert.not.equal(await play(8), log);
  for (const what of ['The engine was not to be reached.', 'missing', 'lost', 'succeeded', 'unreached'])
    assert.ok(log.includes(what), `${what} never happened:\n${log.join('\n')}`);
  const ends = log.filter((line) => / succeeded$/.test(line)).map((line) => line.replace(/^\d+ /, ''));
  assert.ok(new Set(ends).size < ends.length, 'no news came twice');
  const overtaken = log.some((line, i) => {
    const [, id = '', type] = /^\d+ (\S+) (\w+)$/.exec(line) ?? [];
    return type === 'running' && log.slice(0, i).some((before) => before.includes(`${id} succeeded`));
  });
  assert.ok(overtaken, 'no news overtook others');
});

test('a job that is done twice is told once', async () => {
  const { engine, gate, heard } = open({ faults: { doubledJobs: 1 } });
  await engine.submit([jobOf('held', { nodeId: 'a' })]);
  await gate.end('a', 'first');
  assert.equal(gate.started, ['a', 'a']);
  await gate.end('a', 'second');
  const news = heard.at(-1);
  assert.ok(news?.type === 'succeeded' && news.output === 'second');
  assert.equal(types(heard), ['running', 'running', 'succeeded']);
});

test.run();
