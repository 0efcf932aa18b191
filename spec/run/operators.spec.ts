import { EMPTY, from, mergeMap, tap } from 'rxjs';
import * as assert from 'uvu/assert';
import { answerWith, emitEvent, ofType, onNode, type ExecutionEvent } from '../../lib/index.js';
import { labSuite } from '../support/executor.js';

const test = labSuite('Operators for hooks');

test('ofType lets the events of these types through', async (lab) => {
  const types: string[] = [];
  await lab.finish(['a'], {
    hooks: [
      (event$) =>
        event$.pipe(
          ofType('RunStarted', 'NodeSucceeded'),
          tap(({ type }) => types.push(type)),
          mergeMap(() => EMPTY),
        ),
    ],
  });
  assert.equal(types, ['RunStarted', 'NodeSucceeded']);
});

test('onNode lets the events of one node through, or of those for which a predicate holds', async (lab) => {
  const seen: string[] = [];
  const keep = (event: ExecutionEvent): void => void seen.push(`${event.type} ${(event as { nodeId: string }).nodeId}`);
  await lab.finish(['a', 'bc'], {
    hooks: [
      (event$) =>
        event$.pipe(
          onNode('a'),
          tap(keep),
          mergeMap(() => EMPTY),
        ),
      (event$) =>
        event$.pipe(
          onNode((id, { type }) => id.length > 1 && type === 'NodeSucceeded'),
          tap(keep),
          mergeMap(() => EMPTY),
        ),
    ],
  });
  assert.equal(seen, ['NodeStarted a', 'NodeSucceeded a', 'NodeSucceeded bc']);
});

test('answerWith answers each event that is let through, in every form, and its commands name the event', async (lab) => {
  const forms: Readonly<Record<string, () => unknown>> = {
    command: () => emitEvent('e', 1),
    list: () => [emitEvent('e', 1)],
    promise: () => lab.after(5, emitEvent('e', 1)),
    promised: () => lab.after(5, [emitEvent('e', 1)]),
    observable: () => from([emitEvent('e', 1)]),
    iterable: async function* () {
      yield emitEvent('e', 1);
    },
    nothing: () => undefined,
  };
  for (const [form, answer] of Object.entries(forms)) {
    const { log, report } = await lab.finish(['a', 'b: a'], {
      hooks: [answerWith(ofType('NodeSucceeded'), () => answer() as never)],
    });
    const done = log.ofType('NodeSucceeded').map(({ seq }) => seq);
    assert.equal(
      log.ofType('CustomEmitted').map(({ cause }) => cause),
      form === 'nothing' ? [] : done,
      form,
    );
    assert.equal(report.hookFailures, []);
  }
});

test.run();
