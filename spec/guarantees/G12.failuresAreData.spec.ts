import * as TE from '#fp-ts/TaskEither';
import { NEVER, catchError, concat, of, switchMap, throwError, type Observable } from 'rxjs';
import * as assert from 'uvu/assert';
import { DagError, type Execute } from '../../lib/index.js';
import { labSuite, specs } from '../support/executor.js';

const test = labSuite('G12 Failures are data');

const failing: Readonly<Record<string, readonly [Execute<any, any>, string]>> = {
  'a throw': [() => thrown(new Error('boom')), 'boom'],
  'a rejection': [() => Promise.reject(new Error('boom')), 'boom'],
  'an Observable that errors': [() => throwError(() => new Error('boom')), 'boom'],
  'an Observable that errors after values': [
    () =>
      concat(
        of(1),
        throwError(() => new Error('boom')),
      ),
    'boom',
  ],
  'an async iterable that throws': [
    async function* () {
      yield 1;
      thrown(new Error('boom'));
    },
    'boom',
  ],
  'a TaskEither that is Left': [() => TE.left(new Error('boom')), 'boom'],
  'a TaskEither that is Left of a text': [() => TE.left('boom'), 'boom'],
  'a TaskEither that rejects': [() => () => Promise.reject(new Error('boom')), 'boom'],
  'a thrown text': [() => thrown('boom'), 'boom'],
  'a thrown undefined': [() => thrown(undefined), 'undefined'],
  'a rejection with nothing': [() => Promise.reject(), 'undefined'],
  'a thrown object': [() => thrown({ code: 7 }), '7'],
  'a thrown object without prototype': [() => thrown(Object.assign(Object.create(null), { message: 'boom' })), 'boom'],
  'an error whose message throws': [
    () =>
      thrown(
        Object.defineProperty({}, 'message', {
          get: () => {
            throw new Error('hidden');
          },
        }),
      ),
    '',
  ],
  'an output that is no JSON': [() => ({ f: () => 1 }), 'function'],
  'an output that refers to itself': [
    () => {
      const loop: Record<string, unknown> = {};
      loop['self'] = loop;
      return loop;
    },
    'self',
  ],
  'a function that is no TaskEither': [() => () => 1, 'TaskEither'],
  'a thenable whose then throws': [() => ({ then: () => thrown(new Error('boom')) }), 'boom'],
};

const thrown = (what: unknown): never => {
  throw what;
};

for (const [how, [execute, message]] of Object.entries(failing))
  test(`makes an event and a line in the report of ${how}, and no stream errors`, async (lab) => {
    const trial = lab.start(['a', 'b'], { does: { a: execute } });
    const completed: string[] = [];
    const listen = (name: string, source$: Observable<unknown>): void =>
      void source$.subscribe({ error: () => completed.push(`${name} errored`), complete: () => completed.push(name) });
    listen('event$', trial.run.event$);
    listen('snapshot$', trial.run.snapshot$);
    listen('eventsFrom', trial.run.eventsFrom(1));
    const report = await trial.end();
    for await (const _ of trial.run);
    assert.equal(completed.toSorted(), ['event$', 'eventsFrom', 'snapshot$']);
    const [failed] = trial.log.ofType('NodeFailed');
    assert.is(failed!.nodeId, 'a');
    assert.ok(failed!.error.message.includes(message), failed!.error.message);
    assert.equal(JSON.parse(JSON.stringify(failed)), failed);
    const [outcome, other] = report.nodeOutcomes;
    assert.is(outcome!.status, 'failed');
    assert.ok(outcome!.finalError!.message.includes(message));
    assert.is(other!.status, 'succeeded');
    assert.not(report.success);
  });

test('keeps name, message, cause and data of an error', async (lab) => {
  const error = Object.assign(new RangeError('outer', { cause: new TypeError('inner') }), { data: { code: 7 } });
  const { log } = await lab.finish(['a'], { does: { a: () => Promise.reject(error) } });
  const told = log.ofType('NodeFailed')[0]!.error;
  assert.is(told.name, 'RangeError');
  assert.is(told.message, 'outer');
  assert.is(told.cause?.name, 'TypeError');
  assert.equal(told.data, { code: 7 });
  assert.match(told.stack ?? '', 'RangeError');
});

test('gives a report by execute$ also when nodes failed', async (lab) => {
  const executor = lab.executor({ does: { a: () => thrown(new Error('boom')) } });
  const seen: string[] = [];
  executor.execute$({ name: 'g', nodes: specs(['a']) }).subscribe({
    next: ({ status }) => seen.push(status),
    error: () => seen.push('error'),
    complete: () => seen.push('complete'),
  });
  await lab.pass(1);
  assert.equal(seen, ['failed', 'complete']);
});

test('errors with a DagError on subscription to an unknown or an invalid DAG, and not before', (lab) => {
  const executor = lab.executor();
  const sources = {
    UnknownDag: executor.execute$('nobody'),
    InvalidDag: executor.execute$({ name: 'g', nodes: specs(['a: b', 'b: a']) }),
  };
  for (const [type, report$] of Object.entries(sources)) {
    let error: unknown;
    report$.subscribe({ error: (e: unknown) => (error = e) });
    assert.instance(error, DagError);
    assert.is((error as DagError).type, type);
  }
});

test('throws the same from start, with every error of the definition', (lab) => {
  const executor = lab.executor();
  assert.throws(
    () => executor.start({ name: 'g', nodes: [{ id: 'a', action: 'nothing', deps: ['nobody'] }] }),
    (error: DagError) => error instanceof DagError && error.type === 'InvalidDag' && error.errors!.length === 2,
  );
  assert.throws(
    () => executor.start('nobody'),
    (error: DagError) => error.type === 'UnknownDag',
  );
});

test('composes like any source of RxJS', async (lab) => {
  const executor = lab.executor({ does: { a: 10, b: () => NEVER } });
  const seen: string[] = [];
  concat(of('b'), new Promise<string>((resolve) => lab.time.schedule(() => resolve('a'), 5)))
    .pipe(
      switchMap((id) => executor.execute$({ name: id, nodes: specs([id]) })),
      catchError(() => of({ dagName: 'error', status: 'failed' })),
    )
    .subscribe(({ dagName, status }) => seen.push(`${dagName} ${status}`));
  await lab.pass(50);
  assert.equal(seen, ['a succeeded']);
});

test('leaves no rejection unhandled when nobody asks for the report', async (lab) => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  for (const [execute] of Object.values(failing)) lab.start(['a'], { does: { a: execute } });
  await lab.pass(10);
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off('unhandledRejection', note);
  assert.equal(unhandled, []);
});

test.run();
