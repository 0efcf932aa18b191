import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, action, defaultConfig } from '../../lib/index.js';
import { compile } from '../../lib/plan/compile.js';
import { Agenda } from '../../lib/state/Agenda.js';
import type { Input } from '../../lib/state/Input.js';
import { RunState } from '../../lib/state/RunState.js';
import { step } from '../../lib/state/step.js';
import { Turn } from '../../lib/state/Turn.js';
import { error, node } from '../support/logOf.js';

const test = suite('step');

/** A run whose node `a` is in its second attempt; gives the function that hears an input. */
const inSecondAttempt = (): ((input: Input) => readonly string[]) => {
  const actions = new ActionRegistry().register(action('work', () => null));
  const compiled = compile({ name: 'test', nodes: [node('a', { tryCount: 3 })] }, actions);
  if (compiled._tag === 'Left') throw new Error(compiled.left[0]!.message);
  const state = new RunState('run', 'test');
  const agenda = new Agenda(state);
  state.listener = agenda;
  const turn = new Turn(state, agenda, { actions, library: () => undefined, isElsewhere: () => false, gates: false });
  const hear = (input: Input): readonly string[] => step(turn, input, 0).events.map(({ type }) => type);
  const schedule: Input = { type: 'Schedule', open: false, full: false };
  hear({
    type: 'Start',
    plan: compiled.right,
    runId: 'run',
    dagName: 'test',
    config: { ...defaultConfig, retryStrategy: { type: 'Immediate' } },
    inputs: {},
  });
  hear(schedule);
  hear({ type: 'Failed', index: 0, attempt: 1, error, final: false, random: 0 });
  hear({ type: 'RetryDue', index: 0, attempt: 1 });
  assert.equal(hear(schedule), ['NodeStarted']);
  return hear;
};

const outcomes = (attempt: number): readonly Input[] => [
  { type: 'Progressed', index: 0, attempt, value: 1 },
  { type: 'Succeeded', index: 0, attempt, output: 1 },
  { type: 'Failed', index: 0, attempt, error, final: true, random: 0 },
  { type: 'Stopped', index: 0, attempt, abandoned: false },
];

for (const [i, { type }] of outcomes(0).entries()) {
  test(`drops what an earlier attempt tells: ${type}`, () => {
    const hear = inSecondAttempt();
    assert.equal(hear(outcomes(1)[i]!), []);
    assert.is(hear(outcomes(2)[i]!).length, 1);
  });

  test(`drops what an attempt tells after its end: ${type}`, () => {
    const hear = inSecondAttempt();
    hear({ type: 'Succeeded', index: 0, attempt: 2, output: null });
    assert.equal(hear(outcomes(2)[i]!), []);
  });
}

test.run();
