import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toSvg } from '../../lib/formats/toSvg.js';
import { project, rxdag } from '../support/cli.js';

const test = suite('rxdag graph');

test('writes a pipeline as an SVG that is complete', async () => {
  const cwd = project({
    'p.yaml': 'name: p\nnodes: [{ id: a, action: load }, { id: "<b>", action: save, dependencies: [a] }]',
  });
  const { out, err, code } = await rxdag(['graph', 'p.yaml', '--format', 'svg'], { cwd });
  assert.equal([code, err], [0, '']);
  assert.is(
    out,
    toSvg({
      name: 'p',
      nodes: [
        { id: 'a', action: 'load' },
        { id: '<b>', action: 'save', deps: ['a'] },
      ],
    }),
  );
});

test.run();
