import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chartFile, reportFile, seattleCsv, weather, weatherPipeline } from '../../demos/weather/pipeline.js';
import { fromYaml } from '../../lib/formats/yaml/index.js';
import { DagExecutor } from '../../lib/index.js';
import { command, root, temporaryFolder } from '../support/command.js';

const folder = join(root, 'demos', 'weather');
const file = join(folder, 'weather.yaml');

const test = suite('demos/weather as a file');

test('the file says what the typed form says', () => {
  const read = fromYaml(readFileSync(file, 'utf8'));
  assert.is(read._tag, 'Right');
  if (read._tag === 'Left') return;
  assert.equal(read.right.warnings, []);
  const shape = ({ nodes }: typeof weather.graph) =>
    nodes.map(({ id, action, deps = [], branch, priority, tryCount, retry, timeoutMs }) =>
      Object.fromEntries(
        Object.entries({ id, action, deps, branch, priority, tryCount, retry, timeoutMs }).filter(
          ([, value]) => value !== undefined,
        ),
      ),
    );
  assert.equal(shape(read.right.graph), shape(weather.graph));
});

test('run by the command line, it writes the report that the typed form writes, byte for byte', async () => {
  const typed = temporaryFolder('weather-typed');
  const { graph, registry, hooks, inputs } = weatherPipeline({ outDir: typed });
  const report = await new DagExecutor({ registry, hooks }).start(graph, { inputs }).report;
  assert.ok(report.success, report.error);

  const filed = temporaryFolder('weather-filed');
  const { code, text } = await command(process.execPath, [
    '--import',
    'tsx',
    join(root, 'lib', 'cli', 'main.ts'),
    'run',
    file,
    '--actions',
    join(folder, 'actions.ts'),
    '--hooks',
    join(folder, 'hooks.ts'),
    '--input',
    `source=${seattleCsv()}`,
    '--input',
    `outDir=${filed}`,
  ]);
  assert.is(code, 0, text);
  for (const name of [reportFile, chartFile]) {
    const written = readFileSync(join(filed, name));
    assert.ok(written.length > 10_000, name);
    assert.ok(written.equals(readFileSync(join(typed, name))), name);
  }
  assert.match(text, /paused +branch publish: 24 readings stand out/);
  assert.match(text, /succeeded +the run/);
});

test.run();
