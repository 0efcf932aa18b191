import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addDependency, addNodes, type ExecutorCommand, type Json } from '../../lib/index.js';
import { fail } from '../support/executor.js';
import { bomb, chain, ofType, play, tidy, turns, within } from './play.js';

// Commands that are none: each is answered with Left, told in the log in 2 KB at most, and changes nothing.
const test = suite('faults: commands');

const boom = fail('boom') as () => never;
const deep = (): Json => {
  let nested: Json = null;
  for (let i = 0; i < 100_000; i++) nested = { nested };
  return nested;
};
const loop: Record<string, unknown> = { type: 'EmitEvent', name: 'x' };
loop['payload'] = loop;
const reading = (key: string, rest: object): object =>
  Object.defineProperty({ ...rest }, key, { enumerable: true, get: boom });
const nuls = '\0'.repeat(300);
const add = (spec: object): object => ({ type: 'AddNode', spec: { id: 'x', action: 'work', ...spec } });

const garbage: Readonly<Record<string, unknown>> = {
  null: null,
  undefined: undefined,
  '42': 42,
  NaN: NaN,
  'a bigint': 10n,
  'a text': 'CancelRun',
  'a huge text': 'x'.repeat(10_000_000),
  'a symbol': Symbol('s'),
  'a function': () => ({ type: 'CancelRun' }),
  'a list': [],
  'a list of commands': [{ type: 'CancelRun' }],
  'an empty object': {},
  'an unknown type': { type: 'Explode' },
  'a type of another case': { type: 'cancelRun' },
  'a type from the prototype': { type: 'toString' },
  '__proto__ as type': { type: '__proto__' },
  'a type that is none': { type: 42 },
  'a type that throws': reading('type', {}),
  'a huge type': { type: 'x'.repeat(10_000_000) },
  'a wide type': { type: '好'.repeat(5_000) },
  'a field that throws': reading('nodeId', { type: 'RetryNode' }),
  'a proxy that throws': bomb(),
  'a revoked proxy': (() => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  })(),
  'a proxy of garbage': new Proxy(
    {},
    {
      get: () => 42,
      ownKeys: () => ['type', 'x'],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }),
    },
  ),
  'an unknown key': { type: 'CancelRun', now: true },
  'no fields': { type: 'SetNodeInputs' },
  'a number for an id': { type: 'RetryNode', nodeId: 42 },
  'a number for a reason': { type: 'CancelRun', reason: 42 },
  'another DAG': { type: 'PauseRun', dagName: 'other' },
  'a number for a DAG': { type: 'PauseRun', dagName: 42 },
  'a deep payload': { type: 'EmitEvent', name: 'x', payload: deep() },
  'a circular payload': loop,
  'a payload of a function': { type: 'EmitEvent', name: 'x', payload: boom },
  'a payload that throws': { type: 'EmitEvent', name: 'x', payload: bomb() },
  'a toJSON that throws': { type: 'EmitEvent', name: 'x', payload: { toJSON: boom } },
  'a payload of a billion holes': { type: 'EmitEvent', name: 'x', payload: Object.assign([], { length: 1e9 }) },
  'a spec that is none': { type: 'AddNode', spec: 42 },
  'specs with holes': { type: 'AddNodes', specs: [, { action: 'work' }] },
  'specs that are no list': { type: 'AddNodes', specs: { length: 1, 0: { action: 'work' } } },
  'a wide id': add({ id: '好'.repeat(900), action: 'nothing' }),
  'long names everywhere': { type: nuls, nodeId: nuls, branchId: nuls, from: nuls, to: nuls, name: nuls, more: nuls },
  'a huge name': { type: 'EmitEvent', name: 'x'.repeat(10_000_000), payload: 1n },
  'a huge spec': add({ action: 'nothing', inputs: { text: 'x'.repeat(5_000_000) } }),
  'many dependencies': add({ deps: Array.from({ length: 50_000 }, (_, i) => `nowhere${i}`) }),
  'many wrong specs': { type: 'AddNodes', specs: Array.from({ length: 50_000 }, () => ({})) },
  'no specs of a known kind': {
    type: 'AddNodes',
    specs: Array.from({ length: 1_000 }, (_, i) => ({ id: `x${i}`, action: 'nothing' })),
  },
};
for (const [what, number] of Object.entries({
  NaN: NaN,
  Infinity: Infinity,
  '-1': -1,
  '1.5': 1.5,
  '2^31': 2 ** 31,
  '0': 0,
  '2^53': 2 ** 53,
})) {
  if (what !== '2^31') garbageOf(`${what} slots`, { type: 'SetConcurrency', maxParallelNodes: number });
  if (!Number.isFinite(number)) {
    garbageOf(`${what} as priority`, { type: 'SetPriority', nodeId: 'w', priority: number });
    garbageOf(`${what} as metric`, { type: 'UpdateMetrics', metrics: { n: number } });
  }
  if (!/^(0|1.5)$/.test(what)) garbageOf(`${what} ms`, add({ timeoutMs: number }));
  if (what !== '2^31') garbageOf(`${what} attempts`, add({ tryCount: number }));
}

function garbageOf(what: string, command: object): void {
  (garbage as Record<string, unknown>)[what] = command;
}

for (const [what, command] of Object.entries(garbage))
  test(`${what} is refused and changes nothing`, () =>
    tidy(async () => {
      const { run, end, events } = play([{ id: 'w', action: 'human.input' }, 'a: w']);
      await turns();
      const before = { seq: run.snapshot.seq, rest: rest(run.snapshot) };
      const answer = await within(5_000, run.dispatch(command as ExecutorCommand));
      if (answer._tag === 'Right') throw new Error('it was granted');
      const { reason, type } = answer.left;
      assert.ok(
        type.length > 0 && reason.length > 0 && reason.length < 5_000,
        `a reason of ${reason.length} characters`,
      );
      assert.is(rest(run.snapshot), before.rest);
      const told = events.slice(before.seq);
      assert.equal(
        told.map((event) => event.type),
        ['CommandRefused'],
      );
      const [refused] = ofType(told, 'CommandRefused');
      const bytes = Buffer.byteLength(JSON.stringify(refused!.command));
      assert.ok(bytes <= 2_048, `${bytes} bytes are kept`);
      assert.equal([refused!.by, refused!.reason], ['user', reason]);
      await run.dispatch({ type: 'ProvideInput', nodeId: 'w', value: 1 });
      const report = await end();
      assert.ok(report.success);
      assert.is(report.refusedCommands.length, 1);
      const late = await run.dispatch(command as ExecutorCommand);
      assert.ok(late._tag === 'Left' && late.left.type === 'RunEnded');
    }));

/** A snapshot without what every event changes. */
const rest = (snapshot: { toJSON(): Json }): string => {
  const { seq: _, at: __, ...json } = snapshot.toJSON() as Record<string, Json>;
  return JSON.stringify(json);
};

test('the reason of a refused cycle does not grow with the graph', async () => {
  const { run, end } = play([{ id: 'n0', action: 'human.input' }, ...chain(50_000).slice(1)]);
  await turns();
  const ring = chain(50_000).map(({ id, ...spec }, i) => ({ ...spec, id: `x${id}`, deps: [`xn${(i + 1) % 50_000}`] }));
  for (const command of [addDependency('n49999', 'n1'), addNodes(ring)]) {
    const answer = await run.dispatch(command);
    assert.ok(answer._tag === 'Left' && answer.left.type === 'Cycle');
    assert.match(answer.left.reason, 'n1');
    assert.ok(answer.left.reason.length < 1_000, `${answer.left.reason.length} characters`);
  }
  await run.cancel();
  await end();
});

test('20,000 refused commands are counted, and 1,000 of them listed', async () => {
  const { run, end, events } = play([{ id: 'w', action: 'human.input' }]);
  await Promise.all(Array.from({ length: 20_000 }, () => run.dispatch(null as never)));
  await run.dispatch({ type: 'ProvideInput', nodeId: 'w', value: 1 });
  const report = await end();
  assert.is(ofType(events, 'CommandRefused').length, 20_000);
  assert.is(report.refusedCommands.length, 1_000);
  assert.ok(report.warnings.some((warning) => warning.includes('19000')));
});

test('cancel heeds whatever reason it is given', async () => {
  for (const reason of [undefined, '', 'x', 42, null, new Error('because'), {}, bomb(), Symbol('s')]) {
    const { run, end } = play([{ id: 'w', action: 'human.input' }]);
    const report = await within(2_000, run.cancel(reason as string), () => 'cancel');
    assert.is(report.status, 'cancelled');
    await end();
  }
});

test('eventsFrom heeds whatever number it is given', async () => {
  const { run, end, events } = play(chain(5));
  await end();
  const from = (seq: unknown): readonly number[] => {
    const seqs: number[] = [];
    run.eventsFrom(seq as number).subscribe(({ seq: n }) => seqs.push(n));
    return seqs;
  };
  const all = events.map(({ seq }) => seq);
  for (const seq of [1, 0, -1, -Infinity]) assert.equal(from(seq), all);
  assert.equal(from(3.7), all.slice(2));
  assert.equal(from(Infinity), []);
  for (const seq of [NaN, undefined, null, 'x', {}]) assert.ok([0, all.length].includes(from(seq).length));
});

test.run();
