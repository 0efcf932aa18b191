// weight: 2
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromWfFormat, showWfFormatError, toWfFormat } from '../../lib/formats/wfformat/index.js';
import { simulate, type Plan } from '../../lib/index.js';
import { root } from '../support/command.js';

/** The plans of all traces in a folder, by the files' names. */
const plansIn = (folder: string): ReadonlyMap<string, Plan> =>
  new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => {
        const read = fromWfFormat(readFileSync(join(folder, file), 'utf8'), { file });
        if (read._tag === 'Left') throw new Error(read.left.map(showWfFormatError).join('\n'));
        return [file, read.right.plan];
      }),
  );

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const own = suite('traces of our own');
const ours = plansIn(join(root, 'spec', 'fixtures', 'wfformat'));

own('are simulated as worked out by hand', () => {
  const { makespanMs, lowerBoundMs, simpleBoundMs, nodes } = simulate(ours.get('lanes.json')!, { slots: 16 });
  assert.equal(
    { makespanMs, lowerBoundMs, simpleBoundMs, nodes },
    {
      makespanMs: 39_000,
      lowerBoundMs: 39_000,
      simpleBoundMs: 39_000,
      nodes: 16,
    },
  );
  const few = simulate(ours.get('lanes.json')!, { slots: 1 });
  assert.equal([few.makespanMs, few.lowerBoundMs, few.utilisation], [127_000, 127_000, 1]);
});

own('come back from what is written of them', () => {
  for (const plan of ours.values()) {
    const again = fromWfFormat(JSON.stringify(toWfFormat(plan)));
    assert.equal(again._tag === 'Right' && again.right.graph, plan.graph);
  }
});

own.run();

const real = suite('real traces');
const folder = process.env['WF_TRACES'];
if (folder === undefined || !existsSync(folder))
  console.log('skipped real traces: WF_TRACES names no folder of traces in WfFormat');
else {
  const plans = plansIn(folder);

  for (const slots of [4, 16, 48])
    real(
      `on ${slots} slots a run takes at most 1.03 times the lower bound on average, and no more than in order of coming`,
      () => {
        const ratios = (order: 'criticalPath' | 'fifo'): readonly number[] =>
          [...plans.values()].map((plan) => simulate(plan, { slots, order }).ratio);
        const [critical, fifo] = [ratios('criticalPath'), ratios('fifo')];
        console.log(
          `${plans.size} traces on ${slots} slots: ${mean(critical).toFixed(4)}, first come, first served ${mean(fifo).toFixed(4)}`,
        );
        assert.ok(Math.min(...critical, ...fifo) >= 1);
        assert.ok(mean(critical) <= 1.03);
        assert.ok(mean(critical) <= mean(fifo));
      },
    );

  real('come back from what is written of them', () => {
    for (const plan of plans.values()) {
      const again = fromWfFormat(toWfFormat(plan));
      assert.equal(again._tag === 'Right' && again.right.graph.nodes, plan.graph.nodes);
    }
  });

  real.run();
}
