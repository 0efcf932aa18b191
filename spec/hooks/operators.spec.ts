import { timer } from 'rxjs';
import { filter, map } from 'rxjs/operators';
import * as assert from 'uvu/assert';
import { addNode, answerWith, emitEvent, ofType, onNode, retryNode, type HookOperator } from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';

const test = labSuite('operators');

test('ofType lets through the events of its types', async (lab) => {
  const seen: string[] = [];
  const hook: HookOperator = (event$) =>
    event$.pipe(
      ofType('NodeSucceeded', 'NodeSkipped'),
      map((event) => {
        seen.push(`${event.type} ${event.nodeId}`);
        return event;
      }),
      filter((): boolean => false),
      map(() => retryNode('a')),
    );
  await lab.finish(['a', 'x', 'b: x'], { does: { x: fail() }, hooks: [hook] });
  assert.equal(seen, ['NodeSucceeded a', 'NodeSkipped b']);
});

test('onNode takes an id or a predicate, and no event without a node', async (lab) => {
  const byId: string[] = [];
  const byPredicate: string[] = [];
  const watch = (into: string[], ...[which]: Parameters<typeof onNode>): HookOperator =>
    answerWith(onNode(which), ({ type, nodeId }) => void into.push(`${type} ${nodeId}`));
  await lab.finish(['a', 'b'], {
    hooks: [watch(byId, 'a'), watch(byPredicate, (id, { type }) => id !== 'a' && type === 'NodeSucceeded')],
  });
  assert.equal(byId, ['NodeStarted a', 'NodeSucceeded a']);
  assert.equal(byPredicate, ['NodeSucceeded b']);
});

test('what answerWith answers at once is applied before anything new starts', async (lab) => {
  const hook = answerWith(
    onNode((id, { type }) => id === 'a' && type === 'NodeSucceeded'),
    () => [addNode({ id: 'c', action: 'work', deps: ['a'], priority: 1 })],
  );
  const { log } = await lab.finish(['a', 'b: a'], { hooks: [hook], config: { maxParallelNodes: 1 } });
  assert.equal(log.started, ['a', 'c', 'b']);
});

test('the run waits for what answerWith answers later, and its commands name what they answer', async (lab) => {
  const hook = Object.assign(
    answerWith(ofType('NodeSucceeded'), ({ nodeId }) =>
      nodeId === 'a'
        ? timer(50, lab.time).pipe(map(() => emitEvent('late', nodeId)))
        : nodeId === 'b'
          ? lab.after(80, [emitEvent('later', nodeId), addNode({ id: 'c', action: 'work' })])
          : undefined,
    ),
    { hookName: 'slow' },
  );
  const { log, report } = await lab.finish(['a', 'b'], { does: { a: 1, b: 2 }, hooks: [hook] });
  const ended = (id: string) => log.ofType('NodeSucceeded').find(({ nodeId }) => nodeId === id)!;
  assert.equal(
    log.ofType('CustomEmitted').map(({ name, by, cause, at }) => ({ name, by, cause, at })),
    [
      { name: 'late', by: 'slow', cause: ended('a').seq, at: ended('a').at + 50 },
      { name: 'later', by: 'slow', cause: ended('b').seq, at: ended('b').at + 80 },
    ],
  );
  assert.is(report.outputs['c'], 'c');
  assert.is(log.ofType('NodeAdded')[0]?.cause, ended('b').seq);
  assert.equal(
    log.ofType('NodeAdded').map(({ nth }) => nth),
    [2],
  );
});

test('answers that overlap keep their own causes', async (lab) => {
  const hook = answerWith(ofType('NodeSucceeded'), ({ nodeId }) =>
    timer(nodeId === 'a' ? 30 : 10, lab.time).pipe(map(() => emitEvent(nodeId, null))),
  );
  const { log } = await lab.finish(['a', 'b'], { does: { a: 1, b: 2 }, hooks: [hook] });
  const seqs = new Map(log.ofType('NodeSucceeded').map(({ nodeId, seq }) => [nodeId, seq]));
  assert.equal(
    log.ofType('CustomEmitted').map(({ name, cause }) => [name, cause]),
    [
      ['b', seqs.get('b')],
      ['a', seqs.get('a')],
    ],
  );
});

test('answerWith gives up after its own time limit, and the run goes on', async (lab) => {
  const hook = answerWith(ofType('NodeStarted'), () => new Promise<never>(() => undefined), { timeoutMs: 25 });
  const { report, log } = await lab.finish(['a'], { does: { a: 50 }, hooks: [hook] });
  assert.ok(report.success);
  assert.equal(
    log.ofType('HookFailed').map(({ at, error }) => [at - report.startedAt, error.name]),
    [[25, 'TimeoutError']],
  );
  assert.is(report.durationMs, 50);
});

test('an error ends the operator, and nothing else', async (lab) => {
  const broken = answerWith(ofType('NodeStarted'), () => {
    throw new Error('it breaks');
  });
  const sound = answerWith(
    onNode((id, { type }) => id === 'b' && type === 'NodeSucceeded'),
    () => emitEvent('b was seen', null),
  );
  const { report, log } = await lab.finish(['a', 'b: a'], { hooks: [broken, sound] });
  assert.ok(report.success);
  assert.equal(
    report.hookFailures.map(({ hook, error }) => [hook, error.message]),
    [['hook#0', 'it breaks']],
  );
  assert.is(log.ofType('CustomEmitted').length, 1);
});

test.run();
