import * as t from 'io-ts';
import * as assert from 'uvu/assert';
import { action } from '../../lib/index.js';
import { labSuite } from '../support/executor.js';

const test = labSuite('Actions with codecs');

const NumberFromString = new t.Type<number, string, unknown>(
  'NumberFromString',
  t.number.is,
  (u, c) => (typeof u === 'string' && Number.isFinite(Number(u)) ? t.success(Number(u)) : t.failure(u, c)),
  String,
);

test('get decoded inputs, and have their outputs encoded', async (lab) => {
  const double = action({
    name: 'double',
    input: t.strict({ n: NumberFromString }),
    output: t.strict({ n: NumberFromString }),
    execute: ({ inputs }) => ({ n: inputs.n * 2 }),
  });
  const { report } = await lab.finish(
    [
      { id: 'a', action: 'double', inputs: { n: '21' } },
      { id: 'b', action: 'double', inputs: { n: { $ref: 'a.n' } } },
    ],
    { actions: [double] },
  );
  assert.equal({ ...report.outputs }, { a: { n: '42' }, b: { n: '84' } });
});

test('are not called with inputs that do not fit; the message names the path', async (lab) => {
  let called = false;
  const typed = action({
    name: 'typed',
    input: t.strict({ deep: t.strict({ list: t.array(t.number) }) }),
    execute: () => (called = true),
  });
  const { report } = await lab.finish([{ id: 'a', action: 'typed', inputs: { deep: { list: [1, 'two'] } } }], {
    actions: [typed],
  });
  assert.not(called);
  assert.match(report.nodeOutcomes[0]!.finalError!.message, 'deep.list[1]');
});

test('fail with outputs that do not fit; the message names the path', async (lab) => {
  const typed = action({
    name: 'typed',
    output: t.strict({ rows: t.array(t.number) }),
    execute: () => ({ rows: [1, 'two' as never] }),
  });
  const { report } = await lab.finish([{ id: 'a', action: 'typed' }], { actions: [typed] });
  assert.match(report.nodeOutcomes[0]!.finalError!.message, 'rows[1]');
});

test.run();
