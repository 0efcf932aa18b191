import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SCHEMA_VERSION } from '../../lib/stores/sqlite/schema.js';
import { checkLog } from '../../lib/testing/index.js';
import { temporaryFolder } from '../support/command.js';
import { recordingOf, type Recording } from './corpus/recording.js';

const corpus = join(import.meta.dirname, 'corpus');
const names = readdirSync(corpus)
  .filter((name) => name.endsWith('.db'))
  .map((name) => name.slice(0, -'.db'.length));

const test = suite('databases of every version');

test('are kept of the present one', () => {
  const written = names.filter((name) => name.startsWith(`v${SCHEMA_VERSION}-`));
  assert.ok(written.length > 0, `none of version ${SCHEMA_VERSION}: node --import tsx spec/stores/corpus/write.ts`);
});

for (const name of names)
  test(`${name} says what it always said, and its runs can be resumed`, async () => {
    const file = join(temporaryFolder('corpus'), 'runs.db');
    copyFileSync(join(corpus, `${name}.db`), file);
    const wanted = JSON.parse(readFileSync(join(corpus, `${name}.json`), 'utf8')) as Recording;
    const { runs, logs, longer } = await recordingOf(file);
    assert.equal(runs, wanted.runs);
    assert.equal(Object.keys(logs), Object.keys(wanted.logs));
    for (const [runId, { events, snapshots, answered, end }] of Object.entries(wanted.logs)) {
      const found = logs[runId]!;
      assert.equal(found.events, events, runId);
      assert.equal(found.answered, answered, runId);
      assert.equal(found.snapshots, snapshots, runId);
      assert.equal(found.end, end, runId);
      const whole = longer[runId]!;
      assert.equal(
        checkLog(whole).map(({ message }) => message),
        [],
        runId,
      );
      const completed = new Set(events.flatMap((event) => (event.type === 'NodeSucceeded' ? [event.nodeId] : [])));
      const begunAgain = whole
        .slice(events.length)
        .flatMap((event) => (event.type === 'NodeStarted' && completed.has(event.nodeId) ? [event.nodeId] : []));
      assert.equal(begunAgain, [], runId);
    }
  });

test.run();
