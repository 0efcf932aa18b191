import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkId, expansionBases } from '../../lib/plan/checkId.js';

const test = suite('ids');

test('checkId takes well-formed Unicode of 1 to 1,000 characters without NUL, but not inputs', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (id) => {
      const isFine = !id.includes('\0') && Buffer.from(id).toString() === id && id !== 'inputs';
      assert.is(checkId(id) === undefined, isFine);
    }),
  );
  assert.is(checkId('x'.repeat(1_000)), undefined);
  assert.is(checkId('inputs'), 'The id "inputs" is reserved for the run\'s inputs; rename the node.');
  assert.is(
    checkId('\udc00\ud800'),
    'The id "\\udc00\\ud800" holds half of a surrogate pair; write well-formed Unicode.',
  );
});

test('expansionBases names every node under which an id is reserved', () => {
  const bases = (id: string) => expansionBases(id).map(({ base, kind }) => `${kind} ${base}`);
  assert.equal(bases('a/b/c'), ['dag a', 'dag a/b']);
  assert.equal(bases('x[3]'), ['items x']);
  assert.equal(bases('x.failure'), ['failure x']);
  assert.equal(bases('a[0]/b.failure'), ['items a', 'dag a[0]', 'failure a[0]/b']);
  assert.equal(bases('a[0].failure'), ['items a', 'failure a[0]']);
  assert.equal(bases('a[0][1]'), ['items a[0]']);
  for (const id of ['a', '/a', '[3]', '.failure', 'a[x]', 'a[-1]', 'a[1]b', 'a.failures', 'a.b'])
    assert.equal(bases(id), []);
});

test.run();
