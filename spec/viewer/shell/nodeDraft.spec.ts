import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readDraft, type NodeDraft } from '../../../lib/viewer/shell/nodeDraft.js';

const test = suite('readDraft');

const known = new Set(['load', 'a.b', '__proto__']);
const read = (draft: Partial<NodeDraft>): ReturnType<typeof readDraft> =>
  readDraft({ id: '', action: 'map', deps: [], inputs: '', branch: '', estimate: '', ...draft }, (id) => known.has(id));

test('what is left empty is left out', () => {
  assert.equal(read({}), { spec: { action: 'map' }, errors: [], waitsFor: [] });
});

test('all fields come into the node, and references count as what it waits for', () => {
  const { spec, waitsFor } = read({
    id: 'new',
    deps: ['load'],
    inputs: '{"x": {"$ref": "a.b.rows"}}',
    branch: 'side',
    estimate: '25',
  });
  assert.equal(spec, {
    id: 'new',
    action: 'map',
    deps: ['load'],
    inputs: { x: { $ref: 'a.b.rows' } },
    branch: 'side',
    estimateMs: 25,
  });
  assert.equal(waitsFor, ['load', 'a.b']);
});

test('what is wrong is told in sentences, all of it', () => {
  assert.equal(read({ id: 'load', action: '', deps: ['nix'] }).errors, [
    'An action is missing.',
    'A node “load” exists already.',
    'It depends on “nix”, which does not exist.',
  ]);
  assert.match(read({ inputs: '{x: 1}' }).errors[0]!, /^Inputs: This is not JSON/);
  assert.match(read({ inputs: '[1]' }).errors[0]!, /^inputs: expected an object/);
  assert.match(read({ estimate: '-1' }).errors[0]!, /^estimateMs: expected a number from 0/);
  assert.match(read({ id: 'inputs' }).errors[0]!, /reserved/);
  assert.match(read({ inputs: '{"x": {"$ref": "nix.rows"}}' }).errors[0]!, /refers to "nix.rows"/);
});

test('a node that would wait for itself is a cycle, by dependency or by reference', () => {
  assert.equal(read({ id: 'me', deps: ['me'] }).errors, ['A cycle: “me” would wait for itself.']);
  assert.equal(read({ id: 'me', inputs: '{"x": {"$ref": "me.y"}}' }).errors, ['A cycle: “me” would wait for itself.']);
});

test('ids that objects have of their own are ids like others', () => {
  assert.equal(read({ deps: ['__proto__'] }).errors, []);
  assert.equal(read({ deps: ['constructor'] }).errors, ['It depends on “constructor”, which does not exist.']);
});

test.run();
