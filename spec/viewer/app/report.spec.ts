import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../../lib/index.js';
import { pageOfReport, partsOf } from '../../../lib/viewer/app/report.js';
import { logOf, node, runStarted, succeeded } from '../../support/logOf.js';

const test = suite('report');

test('its title has no signs that turn text round', async () => {
  const [first] = logOf(runStarted([node('a')]));
  const page = pageOfReport(await partsOf('', ''), [{ ...first!, dagName: 'a\u202eb<' } as ExecutionEvent]);
  assert.match(page, /<title>a\\u202eb&lt; · /);
});

test('a log that is too long is refused in a sentence', async () => {
  const [first, long] = logOf(runStarted([node('a')]), succeeded('a'));
  const large = { ...long!, output: 'x'.repeat(2 ** 24) } as ExecutionEvent;
  const events = [first!, ...Array.from({ length: 17 }, () => large)];
  const parts = await partsOf('', '');
  assert.throws(
    () => pageOfReport(parts, events),
    /^The run's log is too long for a report: 256 million characters .*serve.*JSON\.$/,
  );
  assert.ok(pageOfReport(parts, events.slice(0, 3)).length > 2 ** 25);
});

test.run();
