import fc from 'fast-check';
import { ActionRegistry, DagExecutor, cancelRun, initialSnapshot, reduce } from '../../lib/index.js';
import type { ExecutionEvent } from '../../lib/model/ExecutionEvent.js';
import type { ExecutorCommand } from '../../lib/model/ExecutorCommand.js';
import { VirtualTime, checkLog, random } from '../../lib/testing/index.js';
import { behaviourOf, type Case } from '../support/Case.js';
import { randomCase } from '../support/randomGraph.js';
import { Reference } from '../support/reference.js';
import { randomCommand } from './randomPlan.js';
import { nudgesFor, workOf } from './simulate.js';

// Sequences of commands, each given to the engine and to the reference at the same time: after every one of them both must
// be in the same state. Prints what was wrong, shrunk, with fast-check's seed and path.
const [seed = 1, numRuns = 1_000] = process.argv.slice(2).map(Number);

interface Turn {
  readonly waitMs: number;
  readonly command: number;
}

const stateOf = (nodes: Iterable<readonly [string, string]>, run: string): string =>
  `${run}: ${[...nodes].map((node) => node.join(' ')).join(', ')}`;

const playTurns = (graphSeed: number, turns: readonly Turn[]): void => {
  const r = random(graphSeed);
  const c: Case = randomCase(graphSeed, { size: r.int(2, 12) });
  const time = new VirtualTime();
  const executor = new DagExecutor({
    registry: new ActionRegistry().register(workOf(behaviourOf(c), time)),
    scheduler: time,
    random: () => 0.5,
  });
  for (const graph of c.library) executor.load({ ...graph, config: { pools: c.config.pools ?? {} } });
  const run = executor.start(c.graph, {
    runId: 'run',
    inputs: c.inputs,
    config: { ...c.config, timeoutMs: 1_000_000 },
  });
  const events: ExecutionEvent[] = [];
  run.event$.subscribe((event) => events.push(event));
  const reference = new Reference(c);
  const engine = (): string =>
    stateOf(
      [...run.snapshot.nodes()].map(({ id, status }) => [id, status] as const),
      run.snapshot.status,
    );
  const naive = (): string => stateOf(reference.statuses(), reference.status);
  const told: string[] = [];
  const compare = (what: string): void => {
    told.push(`${time.now()} ms: ${what}`);
    if (engine() !== naive())
      throw new Error(`after ${told.join('; ')}\n  engine    ${engine()}\n  reference ${naive()}`);
  };
  const give = (command: ExecutorCommand): void => {
    const before = events.length;
    const wasSettled = reference.settled;
    void run.dispatch(command);
    const accepted = !wasSettled && !events.slice(before).some(({ type }) => type === 'CommandRefused');
    const expected = reference.dispatch(command);
    const text = JSON.stringify(command);
    if (accepted !== expected)
      throw new Error(
        `after ${told.join('; ')}: ${text} is ${accepted ? 'accepted' : 'refused'}, the reference ${expected ? 'accepts' : 'refuses'} it`,
      );
    compare(text);
  };
  time.advanceTo(0);
  for (const { waitMs, command } of turns) {
    const at = time.now() + waitMs + 1 / 1_024;
    time.advanceTo(at);
    reference.advanceTo(at);
    compare('time passes');
    give(randomCommand(random(command), c));
  }
  for (let round = 0; round < 200 && !reference.settled; round++) {
    while (reference.nextAt !== undefined) {
      const at = reference.nextAt;
      time.advanceTo(at);
      reference.advanceTo(at);
    }
    compare('time passes to the end');
    // What hangs may have been added again without its timeout: then only a cancellation ends the run.
    const nudges = round < 100 ? nudgesFor(run.snapshot) : [cancelRun('it hangs')];
    for (const command of nudges) if (!reference.settled) give(command);
  }
  if (!reference.settled) throw new Error(`it never settles: ${engine()}`);
  const [violation] = checkLog(events);
  if (violation !== undefined) throw new Error(violation.message);
  if (JSON.stringify(run.snapshot.toJSON()) !== JSON.stringify(events.reduce(reduce, initialSnapshot()).toJSON()))
    throw new Error('the fold of the log differs from the live state');
};

const turn: fc.Arbitrary<Turn> = fc.record({ waitMs: fc.nat({ max: 20 }), command: fc.nat() });
const result = fc.check(
  fc.property(fc.nat(), fc.array(turn, { maxLength: 60, size: 'max' }), (graphSeed, turns) =>
    playTurns(graphSeed, turns),
  ),
  { seed, numRuns },
);
console.log(
  JSON.stringify(
    result.failed
      ? {
          failed: `seed ${result.seed}, path "${result.counterexamplePath}": ${JSON.stringify(result.counterexample)}\n${String((result.errorInstance as Error | null)?.message)}`,
        }
      : { runs: result.numRuns },
  ),
);
