import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readPlace, writePlace } from '../../../lib/viewer/shell/DeepLink.js';

const test = suite('DeepLink');

const nowhere = { run: undefined, seq: undefined, node: undefined, view: undefined };

test('a place is read from what stands after #', () => {
  assert.equal(readPlace('#run=r1&seq=12&node=a%26b%3D%F0%9F%A6%8A&view=log'), {
    run: 'r1',
    seq: 12,
    node: 'a&b=🦊',
    view: 'log',
  });
  assert.equal(readPlace(''), nowhere);
});

test('a seq that is none is no seq', () => {
  for (const text of ['-1', '1.5', '1e3', 'x', '', '9'.repeat(20)]) assert.is(readPlace(`#seq=${text}`).seq, undefined);
});

test('any place comes back as it was, and what is not ours stays', () => {
  const place = { run: 'run 1', seq: 3, node: 'a&node=b#c%\u202e"<é', view: 'log,graph' };
  const hash = writePlace('#token=s3cret&seq=9&other=1', place);
  assert.equal(readPlace(hash), place);
  assert.match(hash, /^#token=s3cret&/);
  assert.match(hash, /other=1/);
  assert.is(writePlace(hash, nowhere), '#token=s3cret&other=1');
});

test.run();
