import * as t from 'io-ts';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { action } from '../../lib/define/action.js';
import { ActionRegistry } from '../../lib/define/ActionRegistry.js';
import { Cache } from '../../lib/define/Cache.js';
import { DagError } from '../../lib/define/DagError.js';
import { fromDaggerAction } from '../../lib/define/fromDaggerAction.js';
import type { NodeAction, NodeContext } from '../../lib/define/NodeAction.js';

const thrownBy = (run: () => unknown): DagError => {
  try {
    run();
  } catch (error) {
    if (error instanceof DagError) return error;
  }
  throw new Error('threw no DagError');
};

const test = suite('action');

test('gives a function a name and version 1', () => {
  const execute = () => 1;
  const made = action('one', execute);
  assert.equal(made, { name: 'one', execute, version: '1' });
  assert.ok(Object.isFrozen(made));
});

test('keeps codecs, version, placement and description', () => {
  const input = t.type({ n: t.number });
  const made = action({
    name: 'x',
    version: '2.1',
    input,
    placement: 'pool:gpu',
    description: 'd',
    execute: ({ inputs }) => inputs.n,
  });
  assert.is(made.version, '2.1');
  assert.is(made.input, input);
  assert.is(made.output, undefined);
  assert.is(made.placement, 'pool:gpu');
  assert.is(made.description, 'd');
});

test('refuses names that are empty or hold control characters, and what is no function', () => {
  for (const name of ['', 'a\0', 'a\nb', '\u001b[31m', '\u009b', '\ud800', 5 as never])
    assert.is(thrownBy(() => action(name, () => 1)).type, 'InvalidAction');
  assert.is(
    thrownBy(() => action('a\nb', () => 1)).message,
    'An action cannot have the name "a\\nb"; write a text without control characters.',
  );
  assert.is(thrownBy(() => action('x', undefined as never)).message, 'The action "x" has no function to execute.');
  for (const name of ['__proto__', 'ünï 😀', 'a.b/c[0]']) assert.is(action(name, () => 1).name, name);
});

test('ActionRegistry finds actions by name and lists them as registered', () => {
  const [b, a, odd] = ['b', 'a', '__proto__'].map((name) => action(name, () => 1)) as [
    NodeAction,
    NodeAction,
    NodeAction,
  ];
  const registry = new ActionRegistry();
  assert.is(registry.register(b, a).register(odd), registry);
  assert.equal(registry.list(), ['b', 'a', '__proto__']);
  assert.is(registry.get('__proto__'), odd);
  assert.ok(registry.has('a'));
  assert.not.ok(registry.has('constructor'));
  assert.is(registry.get('toString'), undefined);
});

test('ActionRegistry refuses a name twice, and the built-in ones', () => {
  const registry = new ActionRegistry().register(action('a', () => 1));
  const error = thrownBy(() => registry.register(action('a', () => 2)));
  assert.is(error.type, 'DuplicateAction');
  assert.is(error.message, 'There is an action "a" already; give one of them another name.');
  assert.is(thrownBy(() => registry.register(action('dag', () => 2))).type, 'DuplicateAction');
  assert.is(thrownBy(() => registry.register(action('human.input', () => 2))).type, 'DuplicateAction');
});

const contextWith = (cache: Cache): NodeContext => ({
  runId: 'r',
  dagName: 'd',
  nodeId: 'n',
  attempt: 1,
  inputs: { x: 1 },
  cache,
  appData: undefined,
  signal: new AbortController().signal,
  idempotencyKey: 'r/n',
  progress: () => undefined,
});

test('fromDaggerAction passes executor, node and cache', async () => {
  const ctx = contextWith(new Cache());
  let seen: unknown;
  const made = fromDaggerAction('old', async (...args) => {
    seen = args;
  });
  assert.is(await made.execute(ctx), null);
  assert.equal(seen, [
    { runId: 'r', dagName: 'd', signal: ctx.signal },
    { id: 'n', action: 'old', inputs: { x: 1 } },
    ctx.cache,
  ]);
});

test('fromDaggerAction gives outputs, else what was put into the cache under the node', async () => {
  const run = (execute: Parameters<typeof fromDaggerAction>[1]) =>
    fromDaggerAction('old', execute).execute(contextWith(new Cache()));
  assert.equal(await run(async () => ({ outputs: { a: 1 }, success: true })), { a: 1 });
  assert.is(await run(async () => ({ outputs: 0 })), 0);
  const cached = await run(async (_, { id }, cache) => {
    cache.insertValue(id, 'rows', [1]);
    cache.insertValue(id, '__proto__', 2);
    cache.insertValue('other', 'rows', [3]);
  });
  assert.is(JSON.stringify(cached), '{"rows":[1],"__proto__":2}');
});

test('fromDaggerAction fails where success is false', async () => {
  try {
    await fromDaggerAction('old', async () => ({ success: false, outputs: 1 })).execute(contextWith(new Cache()));
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'Action "old" reported success: false');
  }
});

test.run();
