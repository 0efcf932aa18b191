// Writes databases of the present format, and what must be read from them for ever. It refuses to write one again.
// usage: node --import tsx spec/stores/corpus/write.ts
import { copyFileSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addDependency,
  addNodes,
  cancelBranch,
  cancelRun,
  pauseRun,
  provideInput,
  ref,
  removeNode,
  resumeRun,
  setNodeInputs,
  type DagExecutor,
  type DagRun,
  type NodeSpec,
} from '../../../lib/index.js';
import { sqliteStore } from '../../../lib/stores/sqlite/index.js';
import { SCHEMA_VERSION } from '../../../lib/stores/sqlite/schema.js';
import { VirtualTime } from '../../../lib/testing/index.js';
import { temporaryFolder } from '../../support/command.js';
import { STEP_MS, executorOn } from './library.js';
import { recordingOf, type Recording } from './recording.js';

interface Scene {
  readonly time: VirtualTime;
  readonly executor: DagExecutor;
  /** Begins a run, and does not wait for anything. */
  begin(runId: string, nodes: readonly NodeSpec[]): DagRun;
  /** Runs it to its end; `during` is called once it waits for time or a person. */
  run(runId: string, nodes: readonly NodeSpec[], during?: (run: DagRun) => Promise<unknown>): Promise<void>;
}

// What fails is kept without the places in these files.
Error.stackTraceLimit = 0;

const work = (id: string, ...deps: readonly string[]): NodeSpec => ({ id, action: 'work', deps });

const scenes: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  plain: async ({ run }) => {
    await run('diamond', [
      { ...work('top'), inputs: { n: ref('inputs.n'), list: [1.5, 1e300, null, { deep: 'é' }] }, priority: 2 },
      { ...work('left', 'top'), inputs: { of: ref('top.of') }, description: 'one side' },
      { ...work('right', 'top'), estimateMs: 50 },
      { ...work('bottom'), inputs: { sides: [ref('left.of'), ref('right.inputs')] } },
    ]);
    await run('__proto__', [work('only')]);
    await run('many parts', [{ id: 'report', action: 'report' }, work('after', 'report')]);
  },

  hooks: async ({ run }) => {
    await run('steered', [
      work('check'),
      { ...work('publish', 'check'), branch: 'publish' },
      { ...work('rewritten'), inputs: { by: 'nobody' } },
      work('barred'),
      work('told', 'barred'),
      work('tune', 'rewritten'),
      work('needless', 'tune'),
      work('last', 'tune'),
      ...['n1', 'n2', 'n3', 'n4', 'n5', 'n6'].map((id, i, ids) => work(id, ...(i < 2 ? [] : [ids[i - 2]!]))),
    ]);
    await run('retried', [
      {
        id: 'flaky',
        action: 'flaky',
        tryCount: 4,
        retry: { type: 'Exponential', initialDelayMs: 20, maxDelayMs: 500, multiplier: 3 },
      },
      work('after', 'flaky'),
    ]);
    await run('expanded', [
      { id: 'list', action: 'list' },
      { id: 'each', action: 'item', forEach: ref('list') },
      { id: 'inside', action: 'dag', inputs: { dag: 'inner', inputs: { given: ref('list[2].three') } } },
      { ...work('sum'), inputs: { each: ref('each'), inside: ref('inside') } },
      { ...work('unless', 'list'), when: { $ref: 'list[0]', equals: 2 } },
    ]);
    await run(
      'answered',
      [{ id: 'ask', action: 'human.input', inputs: { question: 'May it?' } }, work('then', 'ask')],
      (it) => it.dispatch(provideInput('ask', { answer: 'it may' })),
    );
    await run('cancelled', [{ id: 'deaf', action: 'deaf' }, work('quick'), work('late', 'deaf')], (it) =>
      it.dispatch(cancelRun('enough')),
    );
    await run('failed', [
      { id: 'bad', action: 'bad', failureAction: 'work' },
      work('below', 'bad'),
      { id: 'second wind', action: 'bad', onFailure: 'continue' },
      { ...work('anyway', 'second wind'), inputs: { got: ref('second wind') } },
      { id: 'angers', action: 'bad' },
      { id: 'late', action: 'deaf', timeoutMs: 100 },
    ]);
    await run(
      'operated',
      [work('seed'), work('next', 'seed'), work('gone', 'seed'), work('doomed', 'seed'), work('below', 'doomed')],
      (it) =>
        Promise.all(
          [
            pauseRun('a look'),
            addNodes([work('y', 'x'), work('x', 'seed'), work('z')]),
            addDependency('y', 'z'),
            setNodeInputs('z', { seed: ref('seed.of') }),
            removeNode('gone'),
            cancelBranch('below', 'not needed'),
            resumeRun(),
          ].map((command) => it.dispatch(command)),
        ),
    );
  },

  contents: ({ run }) =>
    run('large', [
      { id: 'first', action: 'large' },
      { id: 'same', action: 'large', deps: ['first'] },
      { ...work('small'), inputs: { has: ref('same.inputs') } },
    ]),

  interrupted: async ({ begin, time }) => {
    const chain = Array.from({ length: 14 }, (_, i) => work(`n${i}`, ...(i < 3 ? [] : [`n${i - 3}`])));
    begin('in the middle', [{ ...work('slow hook'), priority: 9 }, work('held', 'slow hook'), ...chain]);
    begin('retrying', [{ id: 'flaky', action: 'flaky', tryCount: 3 }, work('after', 'flaky')]);
    begin('waiting', [{ id: 'ask', action: 'human.input' }, work('then', 'ask')]);
    begin('expanding', [
      work('one'),
      work('two', 'one'),
      { id: 'list', action: 'list', deps: ['two'] },
      { id: 'each', action: 'item', forEach: ref('list') },
    ]);
    const stopped = begin('being cancelled', [{ id: 'deaf', action: 'deaf' }, work('late', 'deaf')]);
    await time.runAll({ maxMs: STEP_MS });
    void stopped.dispatch(cancelRun('enough'));
    await time.runAll({ maxMs: STEP_MS * 2.5 });
  },

  // Goes on with what `interrupted` has left, and is interrupted again.
  recovered: async ({ executor, time }) => {
    for (const runId of ['in the middle', 'retrying', 'expanding']) await executor.resume(runId);
    await time.runAll({ maxMs: STEP_MS * 1.5 });
  },
};

const fileOf = (name: string): string => join(import.meta.dirname, `v${SCHEMA_VERSION}-${name}.db`);

const write = async (name: string, play: (scene: Scene) => Promise<unknown>): Promise<void> => {
  const target = fileOf(name);
  if (existsSync(target)) throw new Error(`${target} is there already, and what it holds must be read for ever.`);
  const live = join(temporaryFolder('corpus'), 'live.db');
  if (name === 'recovered') copyFileSync(fileOf('interrupted'), live);
  const store = sqliteStore(live);
  const time = new VirtualTime(Date.UTC(2026, 0, 1) + (name === 'recovered' ? 60_000 : 0));
  const executor = executorOn(store, time);
  const begin: Scene['begin'] = (runId, nodes) =>
    executor.start({ name: `graph of ${runId}`, nodes }, { runId, inputs: { n: 1 } });
  await play({
    time,
    executor,
    begin,
    run: async (runId, nodes, during) => {
      const run = begin(runId, nodes);
      await time.runAll({ maxMs: STEP_MS / 2 });
      await Promise.all([during?.(run), time.until(run)]);
    },
  });
  // As if the process had ended here: what is in the file and its journal, and nothing of what comes by closing.
  for (const end of ['', '-wal']) copyFileSync(`${live}${end}`, `${target}${end}`);
  await store.close();
  const merged = sqliteStore(target);
  await merged.runs()();
  await merged.close();
  for (const end of ['-wal', '-shm']) {
    if (end === '-wal' && existsSync(target + end) && statSync(target + end).size > 0)
      throw new Error(`${target} was not closed as it should.`);
    rmSync(target + end, { force: true });
  }
  const copy = join(temporaryFolder('corpus'), 'copy.db');
  copyFileSync(target, copy);
  writeFileSync(target.replace('.db', '.json'), textOf(await recordingOf(copy)));
};

/** JSON with a line for each event. */
const textOf = ({ runs, logs }: Recording): string => {
  const lines = (items: readonly unknown[]): string => items.map((item) => `\n${JSON.stringify(item)}`).join(',');
  const texts = Object.entries(logs).map(
    ([runId, { events, snapshots, ...rest }]) =>
      `${JSON.stringify(runId)}: {"events": [${lines(events)}],\n"snapshots": {${Object.entries(snapshots)
        .map(([seq, state]) => `\n"${seq}": ${JSON.stringify(state)}`)
        .join(',')}},${JSON.stringify(rest).slice(1)}`,
  );
  return `{"runs": [${lines(runs)}],\n"logs": {${texts.join(',\n')}}}\n`;
};

for (const [name, play] of Object.entries(scenes)) await write(name, play);
process.exit(0);
