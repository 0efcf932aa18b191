// weight: 4
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Execute, type NodeSpec } from '../../lib/index.js';
import { chain, cpuMs, fan, layered, playOut } from '../faults/play.js';

// Bounds are generous: they catch what grows with the square of the graph, not a slow machine.
const test = suite('field: scale');

const shapes: Readonly<Record<string, readonly NodeSpec[]>> = {
  'chain 100,000 deep': chain(100_000),
  'fan 100,000 wide': fan(100_000),
};
const deeds: Readonly<Record<string, Execute<any, any>>> = { plain: () => 1, async: async () => 1 };
const CPU_MAX_MS = 12_000;

for (const [shape, nodes] of Object.entries(shapes))
  for (const [deed, work] of Object.entries(deeds))
    test(`a ${shape}, of ${deed} actions`, async () => {
      let success = false;
      const ms = await cpuMs(async () => {
        ({ success } = (await playOut(nodes, { actions: { work }, limitMs: 30_000 })).report);
      });
      assert.ok(success);
      assert.ok(ms < CPU_MAX_MS, `${ms} ms of CPU`);
    });

test('the log grows in line with the graph', async () => {
  const bytes = async (layers: number): Promise<number> => {
    const { events } = await playOut(layered(layers, 10), { actions: { work: () => 1 } });
    return events.slice(1).reduce((sum, event) => sum + JSON.stringify(event).length, 0);
  };
  const [small, large] = [await bytes(100), await bytes(1_000)];
  assert.ok(large / small < 10.5, `${small} bytes for 1,000 nodes, ${large} for 10,000`);
  assert.ok(large / 10_000 < 300, `${large / 10_000} bytes per node`);
});

test.run();
