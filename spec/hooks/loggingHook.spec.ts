import * as assert from 'uvu/assert';
import { loggingHook, type ExecutionEvent, type LoggingOptions } from '../../lib/index.js';
import { fail, labSuite, type Lab, type Nodes, type Plot } from '../support/executor.js';

const test = labSuite('loggingHook');

const logged = async (
  lab: Lab,
  nodes: Nodes,
  { options = {}, hooks = [], ...plot }: Plot & { readonly options?: LoggingOptions } = {},
) => {
  const lines: string[] = [];
  const hook = loggingHook({ write: (line) => lines.push(line), ...options });
  const trial = await lab.finish(nodes, { ...plot, hooks: [hook, ...hooks], runId: 'r' });
  return { trial, lines };
};

test('writes one line per event, with its time, seq, type and what it tells', async (lab) => {
  const { trial, lines } = await logged(lab, ['a', 'b: a'], {
    does: { a: ({ nodeId }) => ({ made: nodeId }), b: fail('out of\nluck') },
    hooks: [{ name: 'adder', onNodeComplete: () => ({ type: 'AddNode', spec: { id: 'c', action: 'work' } }) }],
    config: { onFailure: 'Stop', maxParallelNodes: 1 },
  });
  assert.is(lines.length, trial.events.length);
  assert.equal(
    lines.map((line) => line.replace(/^1970-01-01T00:16:40\.000Z /, '')),
    [
      '#1 RunStarted dagName=test runId=r nodes=2',
      '#2 NodeStarted nodeId=a attempt=1',
      '#3 NodeSucceeded nodeId=a attempt=1 output={"made":"a"} durationMs=0 cached=false',
      '#4 NodeAdded nodeId=c action=work by=adder cause=3',
      '#5 NodeStarted nodeId=b attempt=1',
      '#6 NodeFailed nodeId=b attempt=1 error="Error: out of\\nluck"',
      '#7 RunCancelling reason="node \\"b\\" failed: out of\\nluck" origin=policy',
      '#8 NodeCancelled nodeId=c reason="node \\"b\\" failed: out of\\nluck" abandoned=false',
      '#9 RunQuiescent',
      '#10 RunSettled status=failed success=false error="node \\"b\\" failed: out of\\nluck"',
    ],
  );
});

test('writes only events of the types asked for', async (lab) => {
  const types: readonly ExecutionEvent['type'][] = ['RunStarted', 'RunSettled'];
  const { lines } = await logged(lab, ['a', 'b'], { options: { types } });
  assert.equal(
    lines.map((line) => line.split(' ')[2]),
    types,
  );
});

test('shows control characters escaped, wherever they come from', async (lab) => {
  const hostile = '\u001b[2J\r\n\u0007\u0085\u009b31m\u2028\u202eabc\u007f';
  const { lines } = await logged(lab, [{ id: hostile, action: 'work' }, 'b'], {
    does: { [hostile]: fail(hostile), b: () => ({ [hostile]: `${hostile}\ud800` }) },
  });
  for (const line of lines) assert.not.match(line, /[\p{Cc}\p{Cs}\p{Zl}\u202e]/u);
  const id = '\\u001b[2J\\r\\n\\u0007\\u0085\\u009b31m\\u2028\\u202eabc\\u007f';
  assert.ok(
    lines.some((line) => line.includes(`nodeId="${id}" attempt=1`)),
    lines.join('\n'),
  );
});

test('cuts long values, so that a line stays short', async (lab) => {
  const { lines } = await logged(lab, ['a'], { does: { a: () => 'x'.repeat(100_000) } });
  assert.ok(lines.every((line) => line.length < 400));
});

test('a writer that throws is reported and then left alone; the run is not hurt', async (lab) => {
  const { report } = await lab.finish(['a', 'b', 'c'], {
    hooks: [
      loggingHook({
        write: () => {
          throw new Error('disk full');
        },
      }),
    ],
  });
  assert.ok(report.success);
  assert.is(report.hookFailures.length, 3);
  assert.match(report.hookFailures[2]!.error.message, /^disk full .*disabled/);
});

test('gives no commands and holds nothing back', async (lab) => {
  const { trial } = await logged(lab, ['a', 'b: a']);
  assert.equal(
    trial.events.filter(({ by }) => by !== undefined),
    [],
  );
});

test.run();
