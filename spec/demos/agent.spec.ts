import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { timer } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { actions } from '../../demos/agent/actions.js';
import { agent, type AgentOptions } from '../../demos/agent/agent.js';
import { askPerson } from '../../demos/agent/askPerson.js';
import type { Conversation, Model } from '../../demos/agent/Conversation.js';
import { hooks } from '../../demos/agent/hooks.js';
import { standInModel } from '../../demos/agent/model.js';
import { planFromLlmOutput } from '../../demos/agent/planFromLlmOutput.js';
import { printable } from '../../demos/agent/printable.js';
import { readTask } from '../../demos/agent/questions.js';
import { tellRun } from '../../demos/agent/tellRun.js';
import { DEPTH_MAX, evaluate } from '../../demos/agent/tools/arithmetic.js';
import { MATCHES_MAX, searchFiles } from '../../demos/agent/tools/fileSearch.js';
import { ToolError } from '../../demos/agent/tools/ToolError.js';
import { convert } from '../../demos/agent/tools/unitConversion.js';
import { readVerdict } from '../../demos/agent/verdict.js';
import {
  ActionRegistry,
  DagExecutor,
  memoryStore,
  ref,
  type DagExecutionReport,
  type EventOf,
  type ExecutionEvent,
  type Graph,
  type Hook,
  type Json,
} from '../../lib/index.js';
import { fromYaml } from '../../lib/formats/yaml/fromYaml.js';
import { VirtualTime, checkLog, random } from '../../lib/testing/index.js';
import { command, root, temporaryFolder } from '../support/command.js';
import { heldStore } from '../support/heldStore.js';

interface Ran {
  readonly report: DagExecutionReport;
  readonly log: readonly ExecutionEvent[];
  /** What was answered, or undefined. */
  readonly text: string | undefined;
}

/** A hook that keeps the log: executeAgentDag gives nothing but a report. */
const keep = (log: ExecutionEvent[]): Hook => ({
  name: 'keep',
  observe: true,
  onEvent: (_, event) => void log.push(event),
});

const autopilot = { humanWaitMs: 60_000, humanTimeoutAction: 'Autopilot' } as const;
const textOf = ({ outputs }: DagExecutionReport, id = 'final_answer'): string | undefined =>
  (outputs[id] as { readonly text: string } | undefined)?.text;

/** Runs an agent on virtual time. Not for tools that read files: virtual time does not wait for those. */
const ask = async (task: string, { hooks: more = [], config, ...options }: AgentOptions = {}): Promise<Ran> => {
  const time = new VirtualTime();
  const log: ExecutionEvent[] = [];
  const executor = new DagExecutor({
    ...agent({ ...options, hooks: [keep(log), ...more], config: { ...autopilot, ...config } }),
    scheduler: time,
  });
  const report = await time.until(executor.executeAgentDag(task));
  assert.equal(checkLog(log), []);
  return { report, log, text: textOf(report) };
};

const typesOf = <K extends ExecutionEvent['type']>(log: readonly ExecutionEvent[], type: K): readonly EventOf<K>[] =>
  log.filter((event): event is EventOf<K> => event.type === type);
const added = (log: readonly ExecutionEvent[]): readonly string[] =>
  typesOf(log, 'NodeAdded').map(({ node }) => node.id ?? '');
const seqOf = (log: readonly ExecutionEvent[], type: 'NodeStarted' | 'NodeSucceeded', id: string): number =>
  typesOf(log, type).find(({ nodeId }) => nodeId === id)!.seq;
const refuses = (work: () => unknown, message: RegExp): void =>
  assert.throws(work, (error: unknown) => error instanceof ToolError && message.test(error.message));

/** A folder of files, by their names. */
const folderOf = (files: Readonly<Record<string, string | Buffer>>): string => {
  const folder = temporaryFolder('agent');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
};

const test = suite('demo agent');

test('answers two tasks in one, with files', async () => {
  const folder = folderOf({ 'lib/b.ts': 'x\nuse needle\n', 'lib/a/c.ts': 'needle needle\n\nneedle', 'd.ts': 'needle' });
  const log: ExecutionEvent[] = [];
  const config = { humanWaitMs: 5, humanTimeoutAction: 'Autopilot' } as const;
  const executor = new DagExecutor(agent({ folder, hooks: [keep(log)], config }));
  const task = 'How many metres are 3.5 miles plus 12 * 7 miles? Which files of lib mention needle?';

  const report = await executor.executeAgentDag(task);

  assert.ok(report.success, report.error);
  assert.equal(checkLog(log), []);
  assert.equal([report.hookFailures, report.refusedCommands], [[], []]);
  const metres = ((35 + 840) * 1_609_344) / 10_000;
  assert.is(
    textOf(report),
    `3.5 + 12 * 7 is ${(35 + 840) / 10} [tool_1], and 87.5 miles are ${metres} metres [tool_5]. ` +
      '2 files of lib mention "needle", on 3 lines: lib/a/c.ts:1,3, lib/b.ts:2 [tool_2].',
  );
});

test('asks for all that it can at once, and in a second round for what needs the first', async () => {
  const { log, report } = await ask('How many feet are 2 * 3 miles? What is 5 - 7?');
  assert.equal(added(log), [
    'tool_1',
    'tool_2',
    'continuation_3',
    'provider_llm_4',
    'tool_5',
    'continuation_6',
    'provider_llm_7',
    'human_check',
    'final_answer',
  ]);
  assert.ok(seqOf(log, 'NodeStarted', 'tool_2') < seqOf(log, 'NodeSucceeded', 'tool_1'), 'not beside each other');
  assert.ok(seqOf(log, 'NodeStarted', 'tool_5') > seqOf(log, 'NodeSucceeded', 'tool_1'));
  const second = typesOf(log, 'NodeAdded').find(({ node }) => node.id === 'tool_5')!;
  assert.equal(second.node.inputs?.['args'], { $literal: { value: 6, from: 'miles', to: 'feet' } });
  assert.is(second.by, 'planTools');
  const check = typesOf(log, 'NodeAdded').find(({ node }) => node.id === 'human_check')!;
  assert.equal([check.by, check.node.deps], ['checkAnswer', ['provider_llm_7']]);
  assert.equal(report.outputs['tool_5'], { result: 6 * 5_280 });
});

const answers: Readonly<Record<string, string>> = {
  'What is 2 to the power of 10?': '2 ^ 10 is 1024 [tool_1].',
  'What is 2 + 2? How much is 2 + 2?': '2 + 2 is 4 [tool_1]. 2 + 2 is 4 [tool_1].',
  'Calculate 1,500 divided by (2 plus 3)': '1500 / (2 + 3) is 300 [tool_1].',
  'How many inches are in a foot?': '1 foot is 12 inches [tool_1].',
  'what is 5 feet and 3 inches in centimetres?':
    '5 feet are 152.4 centimetres [tool_1], 3 inches are 7.62 centimetres [tool_2], and 152.4 + 7.62 is 160.02 centimetres [tool_5].',
  'Convert 212 degrees Fahrenheit to celsius, then to kelvin.':
    '212 degrees Fahrenheit are 100 celsius [tool_1], and 100 celsius are 373.15 kelvin [tool_4].',
  'How many hours are 1 week minus 1 day, then in minutes?':
    '1 week is 168 hours [tool_1], 1 day is 24 hours [tool_2], 168 - 24 is 144 hours [tool_5], and 144 hours are 8640 minutes [tool_8].',
  'How many feet are 2 * (1 + 2) yards?': '2 * (1 + 2) is 6 [tool_1], and 6 yards are 18 feet [tool_4].',
  'How many m are 1 m minus 2 km plus 1 km?':
    '1 m is 1 m [tool_1], 2 km are 2000 m [tool_2], 1 km is 1000 m [tool_3], and 1 - 2000 + 1000 is -999 m [tool_6].',
  'How many kB are 0.1 MB + 0.2 MB?': '0.1 + 0.2 is 0.3 [tool_1], and 0.3 MB are 300 kB [tool_4].',
};
for (const [task, text] of Object.entries(answers))
  test(`answers ${task}`, async () => {
    const ran = await ask(task);
    assert.ok(ran.report.success, ran.report.error);
    assert.is(ran.text, text);
  });

test('says what it can do when it does not understand, and does the rest', async () => {
  const joke = await ask('Tell me a joke');
  assert.match(joke.text ?? '', /^I don't understand "Tell me a joke"\. I am no language model/);
  assert.equal(added(joke.log), ['human_check', 'final_answer']);

  for (const odd of [
    'How many metres are 2 miles * 3 miles?',
    'How many metres are miles?',
    'How many kelvin are 1 celsius plus 1 fahrenheit?',
    '?',
  ])
    assert.match((await ask(odd)).text ?? '', "I don't understand", odd);
  const both = await ask('Sing! What is 6 * 7?');
  assert.match(both.text ?? '', /^I don't understand "Sing"\. 6 \* 7 is 42 \[tool_1\]\. I am no language model/);
});

test('reads sentences: numbers, paths and quoted texts stay whole', () => {
  const texts = readTask('What is 1.5 + 2? Search ../a.b for x; which files in . use "a. b?"\nand what is 3.').map(
    ({ text }) => text,
  );
  assert.equal(texts, ['What is 1.5 + 2', 'Search ../a.b for x', 'which files in . use "a. b?"', 'what is 3']);
  assert.equal(
    readTask('which files in "my folder" use "a. b?"').map(({ type, ...rest }) => ({ type, ...rest })),
    [{ type: 'search', text: 'which files in "my folder" use "a. b?"', folder: 'my folder', sought: 'a. b?' }],
  );
  const long = `${'1'.repeat(50_000)} x ${'"'.repeat(50_000)}${' '.repeat(5_000)}`;
  const startedAt = performance.now();
  readTask(`${long}. What is ${long}? How many ${long} are ${long}?`);
  assert.ok(performance.now() - startedAt < 2_000, 'long tasks take far longer than they should');
});

test('the stand-in gives the same reply to the same conversation', () => {
  const conversation: Conversation = { task: 'How many km are 2 * 3 miles?', rounds: 0, findings: [], malformed: [] };
  const { signal } = new AbortController();
  const first = standInModel(conversation, signal);
  assert.equal(first, {
    tool_calls: [{ name: 'arithmetic', arguments: { expression: '2 * 3' } }],
  });
  assert.equal(standInModel(conversation, signal), first);
});

test('a plan has one node for each tool, one that goes on, and one that asks again', () => {
  const args = { a: 1, b: { $ref: 'inputs.secret' } };
  const output: Json = {
    tool_calls: [
      { name: 'one', arguments: args },
      { name: 'two', arguments: {} },
    ],
  };
  const plan = planFromLlmOutput('run', 'provider_llm_7', output)!;
  const tool = { action: 'tool_invoke_node', deps: ['provider_llm_7'], timeoutMs: 30_000, tryCount: 2 };
  const call = (node: string, tool_name: string, literal: Json): Json => ({
    node,
    tool_name,
    args: { $literal: literal },
    outcome: { ...ref({ node }) } as unknown as Json,
  });
  assert.equal(JSON.parse(JSON.stringify(plan)), {
    malformed: [],
    nodes: [
      { id: 'tool_8', ...tool, inputs: { run_id: 'run', tool_name: 'one', args: { $literal: args } } },
      { id: 'tool_9', ...tool, inputs: { run_id: 'run', tool_name: 'two', args: { $literal: {} } } },
      {
        id: 'continuation_10',
        action: 'continuation_node',
        deps: ['tool_8', 'tool_9'],
        runIf: 'allDone',
        inputs: {
          run_id: 'run',
          llm: { ...ref({ node: 'provider_llm_7' }) },
          calls: [call('tool_8', 'one', args), call('tool_9', 'two', {})],
          malformed: [],
        },
      },
      {
        id: 'provider_llm_11',
        action: 'provider_llm_node',
        deps: ['continuation_10'],
        inputs: { run_id: 'run', conversation: { ...ref({ node: 'continuation_10' }) } },
        timeoutMs: 120_000,
        tryCount: 1,
      },
    ],
  });
  assert.equal(planFromLlmOutput('run', 'provider_llm_7', output), plan);
});

test('a plan leaves malformed calls out and tells them; without a valid one there is none', () => {
  const good = { name: 'one', arguments: {} };
  const bad: readonly Json[] = [
    null,
    7,
    [],
    {},
    { name: '', arguments: {} },
    { name: 'x' },
    { name: 'x', arguments: [] },
  ];
  const plan = planFromLlmOutput('run', 'supervisor_start', { tool_calls: [...bad, good] })!;
  assert.equal(
    plan.malformed.map(({ index }) => index),
    [0, 1, 2, 3, 4, 5, 6],
  );
  assert.ok(plan.malformed.every(({ reason }) => reason !== ''));
  assert.equal(
    plan.nodes.map(({ id }) => id),
    ['tool_1', 'continuation_2', 'provider_llm_3'],
  );
  for (const output of [null, 'text', [], [good], {}, { tool_calls: [] }, { tool_calls: bad }, { tool_calls: good }])
    assert.is(planFromLlmOutput('run', 'supervisor_start', output as Json), undefined, JSON.stringify(output));
});

/** Says one thing after the other. */
const saying = (...replies: readonly Readonly<Record<string, Json>>[]): Model => {
  let at = 0;
  return () => replies[at++] ?? { content: 'done' };
};

test('malformed tool calls are told in the log and to the model, and the others are made', async () => {
  const heard: Conversation[] = [];
  const replies = saying({
    tool_calls: [{ name: 'arithmetic' }, { name: 'arithmetic', arguments: { expression: '1+1' } }],
  });
  const model: Model = (conversation, signal) => (heard.push(conversation), replies(conversation, signal));

  const { log, text } = await ask('anything', { model });

  assert.is(text, 'done');
  const [told, ...more] = typesOf(log, 'CustomEmitted');
  assert.equal([told?.name, told?.by, more.length], ['agent.malformed_call', 'planTools', 0]);
  assert.equal(told?.payload, { llm: 'supervisor_start', index: 0, reason: 'its arguments are not an object' });
  assert.equal(heard[1]?.malformed, [{ index: 0, reason: 'its arguments are not an object' }]);
  assert.equal(
    heard[1]?.findings.map(({ node, result }) => [node, result]),
    [['tool_1', 2]],
  );
});

test('the same call that two questions need is made once', async () => {
  const { log } = await ask('What is 2 * 2? How much is 2 * 2? How many m are 2 * 2 km?');
  assert.equal(
    added(log).filter((id) => id.startsWith('tool_')),
    ['tool_1', 'tool_4'],
  );
});

test('an answer says how many of the lines found it lists', () => {
  const result = { matches: ['a.ts:7', 'a.ts:9', 'b.ts:1'], lines: 60, files: 4, unreadable: 1 };
  const findings = [{ node: 'tool_1', tool_name: 'file_search', args: { folder: '.', text: 'x' }, result }];
  assert.equal(
    standInModel({ task: 'Search . for x', rounds: 1, findings, malformed: [] }, new AbortController().signal),
    {
      content:
        '4 files here mention "x", on 60 lines, the first 3 of them a.ts:7,9, b.ts:1 (1 file could not be read) [tool_1].',
    },
  );
});

test('the stand-in owns up to malformed calls', () => {
  const malformed = [{ index: 0, reason: 'it has no name' }];
  const reply = standInModel({ task: 'Hm', rounds: 0, findings: [], malformed }, new AbortController().signal);
  assert.match(JSON.stringify(reply), '1 tool call of mine was malformed and left out: it has no name.');
});

test('a model that gives nothing usable leads to an answer that says so', async () => {
  const nothing: readonly (readonly [Readonly<Record<string, Json>>, RegExp])[] = [
    [{ tool_calls: [{}] }, /only tool calls that were malformed/],
    [{ tool_calls: 'x' }, /only tool calls that were malformed/],
    [{}, /neither an answer nor a tool call/],
    [{ content: '' }, /neither an answer nor a tool call/],
    [{ content: 7 }, /neither an answer nor a tool call/],
  ];
  for (const [reply, expected] of nothing) {
    const { report, text } = await ask('anything', { model: saying(reply) });
    assert.ok(report.success);
    assert.match(text ?? '', expected);
  }
});

test('what looks like a reference in a model’s arguments is none', async () => {
  const args = { expression: { $ref: 'supervisor_start' } };
  const { report } = await ask('anything', {
    model: saying({ tool_calls: [{ name: 'arithmetic', arguments: args }] }),
  });
  assert.ok(report.success);
  assert.equal(report.outputs['tool_1'], { error: 'The argument "expression" must be a text.' });
});

test('a tool that is not there is told to the model, with those that are', async () => {
  const { report } = await ask('x', { model: saying({ tool_calls: [{ name: 'toString', arguments: {} }] }) });
  assert.ok(report.success);
  assert.match(JSON.stringify(report.outputs['tool_1']), /no such tool; there are arithmetic, unit_conversion/);
});

test('a bad expression leads to an answer that says so, not to a dead run', async () => {
  const { report, text } = await ask('What is 2 +* 3? How many kg are 3 miles? What is 1 + 1?');
  assert.ok(report.success);
  assert.is(
    text,
    '"What is 2 +* 3" can\'t be answered; arithmetic says of "2 +* 3" [tool_1]: There is "*" at position 4 where a number should be. ' +
      '"How many kg are 3 miles" can\'t be answered; unit_conversion says [tool_2]: ' +
      "Miles measure length and kilograms measure mass, so one can't be converted into the other. 1 + 1 is 2 [tool_3].",
  );
  assert.is(report.metrics.retries, 0, 'a refusal was tried again');
});

test('what needs a result that never came is not asked for', async () => {
  const { log, text } = await ask('How many feet are 1/0 miles?');
  assert.equal(
    added(log).filter((id) => id.startsWith('tool_')),
    ['tool_1'],
  );
  assert.match(text ?? '', 'arithmetic says of "1 / 0" [tool_1]: The / at position 3 divides by zero.');
});

test('a tool that breaks down is tried twice; the answer comes, and the run does not pass for a success', async () => {
  const broken = {
    name: 'arithmetic',
    run: (): Json => {
      throw new TypeError('worn out');
    },
  };
  const { report, text } = await ask('What is 1 + 1?', { tools: [broken] });
  const outcome = report.nodeOutcomes.find(({ nodeId }) => nodeId === 'tool_1');
  assert.equal([outcome?.status, outcome?.attempts], ['failed', 2]);
  assert.match(text ?? '', /can't be answered; arithmetic says of "1 \+ 1" \[tool_1\]: It broke down/);
  assert.not(report.success);
  assert.match(report.error ?? '', 'worn out');
});

test('a tool that never ends is stopped by its time-out', async () => {
  const signals: AbortSignal[] = [];
  const endless = {
    name: 'arithmetic',
    run: (_: unknown, signal: AbortSignal) => (signals.push(signal), new Promise<Json>(() => undefined)),
  };
  const { report, text } = await ask('What is 1 + 1?', { tools: [endless] });
  assert.match(text ?? '', 'It broke down');
  assert.equal(
    signals.map(({ aborted }) => aborted),
    [true, true],
  );
  assert.ok(report.durationMs >= 60_000);
});

test('a person’s no withholds the answer and gives the reason', async () => {
  const asked: string[] = [];
  const hook = askPerson((question) => {
    asked.push(question);
    return Promise.resolve('No, it is not polite');
  });
  const { report, text, log } = await ask('What is 1 + 1?', { hooks: [hook] });
  assert.ok(report.success);
  assert.is(text, 'The answer was withheld: it is not polite');
  assert.equal(report.outputs['final_answer'], { approved: false, text });
  assert.equal(asked, ['May this answer be given? Say yes, or no and why: 1 + 1 is 2 [tool_1].']);
  assert.is(typesOf(log, 'NodeSucceeded').find(({ nodeId }) => nodeId === 'human_check')?.by, 'askPerson');
});

test('a person’s yes gives the answer, however long it takes', async () => {
  const time = new VirtualTime();
  const hook = askPerson(() => new Promise((resolve) => timer(86_400_000, time).subscribe(() => resolve('yes'))));
  const executor = new DagExecutor({ ...agent({ hooks: [hook] }), scheduler: time });
  const report = await time.until(executor.executeAgentDag('What is 1 + 1?'));
  assert.is(textOf(report), '1 + 1 is 2 [tool_1].');
  assert.equal(report.hookFailures, []);
  assert.ok(report.durationMs >= 86_400_000);
});

test('reads a verdict, and takes everything but a clear yes for a no', () => {
  for (const yes of [true, 'yes', ' Y ', 'OK!', 'approved', { approved: true, reason: 'x' }])
    assert.ok(readVerdict(yes).approved, JSON.stringify(yes));
  const noes: readonly (readonly [Json, string])[] = [
    ['no', ''],
    ['No: too short', 'too short'],
    ['nobody knows', 'nobody knows'],
    ['yes but', 'yes but'],
    [{ approved: 'yes' }, ''],
    [{ approved: false, reason: 'wrong' }, 'wrong'],
    [null, ''],
    [1, ''],
    ['', ''],
  ];
  for (const [no, reason] of noes) assert.equal(readVerdict(no), { approved: false, reason }, JSON.stringify(no));
});

test('on autopilot the default answers, and the log and the story say that nobody has', async () => {
  const lines: string[] = [];
  const { report, log, text } = await ask('What is 1 + 1?', { hooks: [tellRun((line) => lines.push(line))] });
  assert.is(text, '1 + 1 is 2 [tool_1].');
  assert.is(report.outputs['human_check'], 'yes');
  assert.is(typesOf(log, 'NodeSucceeded').find(({ nodeId }) => nodeId === 'human_check')?.by, undefined);
  assert.ok(report.durationMs >= autopilot.humanWaitMs);
  assert.match(lines.join('\n'), /nobody has answered human_check: on autopilot it goes on with its default, "yes"/);
});

test('the rounds of the model are limited; the answer says so and what was found', async () => {
  const task = 'Convert 1 mile to km, then to m, then to cm, then to mm.';
  const { report, text, log } = await ask(task, { maxRounds: 2 });
  assert.ok(report.success);
  assert.is(
    text,
    'There is no answer: the model wanted more rounds of tools than are allowed. Found so far: 1.609344 [tool_1], 1609.344 [tool_4].',
  );
  assert.is(added(log).filter((id) => id.startsWith('provider_llm_')).length, 2);
  assert.match((await ask(task, { maxRounds: 4 })).text ?? '', '160934.4 cm are 1609344 mm [tool_10].');
  assert.match((await ask('What is 1 + 1?', { maxRounds: 0 })).text ?? '', 'Found so far: nothing.');

  const restless: Model = ({ findings }) => ({
    tool_calls: [{ name: 'arithmetic', arguments: { expression: `${findings.length}` } }],
  });
  assert.match((await ask('anything', { model: restless })).text ?? '', '9 [tool_28].');
});

/** Two supervisors in one run. */
const two: Graph = {
  name: 'two',
  nodes: [
    { id: 'supervisor_start', action: 'supervisor_step', inputs: { task: 'How many m are 2 * 3 km?' } },
    { id: 'second', action: 'supervisor_step', inputs: { task: 'What is 7 - 9?' } },
  ],
};

const runTwo = async (config: AgentOptions['config'], maxRounds = 2): Promise<Ran> => {
  const time = new VirtualTime();
  const log: ExecutionEvent[] = [];
  const options = agent({ maxRounds, hooks: [keep(log)], config: { ...autopilot, ...config } });
  const report = await time.until(new DagExecutor({ ...options, scheduler: time }).start(two));
  assert.equal(checkLog(log), []);
  return { report, log, text: textOf(report) };
};

test('two supervisors in one run take neither names nor rounds from each other', async () => {
  const { report, text } = await runTwo({});
  assert.ok(report.success, report.error);
  assert.equal(report.refusedCommands, []);
  assert.is(text, '2 * 3 is 6 [tool_1], and 6 km are 6000 m [tool_4].');
  assert.is(textOf(report, 'second:final_answer'), '7 - 9 is -2 [second:tool_1].');
});

test('supervisor steps are limited by config.maxIterations, and what had begun is answered', async () => {
  const { report, text } = await runTwo({ maxIterations: 1 });
  assert.not(report.success);
  assert.match(report.error ?? '', 'Maximum iterations (1) reached');
  assert.is(text, '2 * 3 is 6 [tool_1], and 6 km are 6000 m [tool_4].');
  assert.is(textOf(report, 'second:final_answer'), undefined);
});

test('goes on after a crash at any point, and gives the same answer', async () => {
  const graph: Graph = {
    name: 'x',
    nodes: [
      { id: 'supervisor_start', action: 'supervisor_step', inputs: { task: 'Convert 2 * 3 km to m, then to cm.' } },
    ],
  };
  for (const [maxRounds, expected] of [
    [3, '2 * 3 is 6 [tool_1], 6 km are 6000 m [tool_4], and 6000 m are 600000 cm [tool_7].'],
    [2, 'There is no answer: the model wanted more rounds'],
  ] as const) {
    const options = agent({ maxRounds, config: autopilot });
    const time = new VirtualTime();
    const store = heldStore(true);
    const whole = await time.until(
      new DagExecutor({ ...options, scheduler: time, store }).start(graph, { runId: 'r' }),
    );
    assert.match(textOf(whole) ?? '', expected);

    assert.ok(store.appends.length > 10);
    for (let appends = 1; appends < store.appends.length; appends++) {
      const left = memoryStore();
      await left.acquire('r', { id: 'dead', startedAt: 0 })();
      let kept = 0;
      for (const [i, events] of store.appends.slice(0, appends).entries()) {
        await left.append('r', 1, kept, events, store.answers[i]!)();
        kept += events.length;
      }
      const later = new VirtualTime(store.appends[appends - 1]!.at(-1)!.at);
      const executor = new DagExecutor({ ...options, scheduler: later, store: left });
      const report = await later.until(await executor.resume('r', { takeOver: true }));
      assert.is(textOf(report), textOf(whole), `after ${appends} appends`);
      assert.is(report.nodeOutcomes.length, whole.nodeOutcomes.length, `after ${appends} appends`);
      assert.equal(report.refusedCommands, [], `after ${appends} appends`);
    }
  }
});

test('is cancelled by its signal while a person is being waited for', async () => {
  const log: ExecutionEvent[] = [];
  const controller = new AbortController();
  const hook: Hook = {
    name: 'stop',
    onEvent: (_, { type }) => void (type === 'NodeWaiting' && setTimeout(() => controller.abort(), 1)),
  };
  const executor = new DagExecutor(agent({ hooks: [keep(log), hook] }));
  const report = await executor.executeAgentDag('What is 1 + 1?', undefined, controller.signal);
  assert.is(report.status, 'cancelled');
  assert.is(textOf(report), undefined);
  assert.equal(checkLog(log), []);
});

test('a task that is not a text fails its node with a message that names it', async () => {
  const time = new VirtualTime();
  const graph: Graph = {
    name: 'x',
    nodes: [{ id: 'supervisor_start', action: 'supervisor_step', inputs: { task: 7 } }],
  };
  const report = await time.until(new DagExecutor({ ...agent(), scheduler: time }).start(graph));
  assert.not(report.success);
  assert.match(report.error ?? '', 'task: expected string, got 7');
});

test('runs from its file, with the actions and hooks that its modules export', async () => {
  const registry = new ActionRegistry().register(...actions);
  const read = fromYaml(readFileSync(join(root, 'demos/agent/agent.yaml'), 'utf8'), { registry });
  if (read._tag === 'Left') throw new Error(JSON.stringify(read.left));
  assert.equal(read.right.warnings, []);
  const time = new VirtualTime();
  const executor = new DagExecutor({ registry, hooks, config: autopilot, scheduler: time });
  const report = await time.until(executor.start(read.right.graph, { inputs: { task: 'What is 3 * 4?' } }));
  assert.ok(report.success, report.error);
  assert.is(textOf(report), '3 * 4 is 12 [tool_1].');
});

test('runs from its file on the command line, which asks the question with the draft in it', async () => {
  const run = (...more: readonly string[]) =>
    command(
      process.execPath,
      [
        '--import',
        'tsx',
        'lib/cli/main.ts',
        'run',
        'demos/agent/agent.yaml',
        '--actions',
        'demos/agent/actions.ts',
        '--hooks',
        'demos/agent/hooks.ts',
        '--input',
        'task=What is 3 * 4?',
        ...more,
      ],
      { timeoutMs: 30_000 },
    );
  const waiting = await run();
  assert.is(waiting.code, 3, waiting.text);
  assert.match(waiting.text, 'May this answer be given? Say yes, or no and why: 3 * 4 is 12 [tool_1].');
  const answered = await run('--answer', 'human_check=no, too bold');
  assert.is(answered.code, 0, answered.text);
  assert.match(answered.text, 'The answer was withheld: too bold');
});

test('arithmetic: precedence, associativity and the minus sign', () => {
  const values: Readonly<Record<string, number>> = {
    '2+3*4': 14,
    '(2+3)*4': 20,
    '2*3^2': 18,
    '2^3^2': 512,
    '-2^2': -4,
    '(-2)^2': 4,
    '2^-1': 0.5,
    '--3': 3,
    '2*-3': -6,
    '2--3': 5,
    '8/4/2': 1,
    '8-4-2': 2,
    '7-2*3': 1,
    '.5+1.': 1.5,
    '1e3 + 2.5E-1': 1000.25,
    ' \t(( 1 ) )\n': 1,
    '0^0': 1,
  };
  for (const [expression, value] of Object.entries(values)) assert.is(evaluate(expression), value, expression);
});

/** An expression with no more parentheses than it needs, and its value; levels are those of the grammar. */
const randomExpression = (
  rng: ReturnType<typeof random>,
  depth: number,
): { text: string; value: number; level: number } => {
  const at = (level: number, one: { text: string; level: number }): string =>
    one.level >= level ? one.text : `(${one.text})`;
  const kind = depth === 0 ? 0 : rng.int(0, 6);
  const a = depth === 0 ? { text: '', value: 0, level: 0 } : randomExpression(rng, depth - 1);
  const b = depth === 0 ? a : randomExpression(rng, depth - 1);
  switch (kind) {
    case 1:
      return { text: `${at(1, a)} + ${at(2, b)}`, value: a.value + b.value, level: 1 };
    case 2:
      return { text: `${at(1, a)}-${at(2, b)}`, value: a.value - b.value, level: 1 };
    case 3:
      return { text: `${at(2, a)} * ${at(3, b)}`, value: a.value * b.value, level: 2 };
    case 4:
      return b.value === 0 ? a : { text: `${at(2, a)}/${at(3, b)}`, value: a.value / b.value, level: 2 };
    case 5:
      return { text: `-${at(3, a)}`, value: -a.value, level: 3 };
    case 6: {
      const exponent = rng.int(0, 2);
      return { text: `${at(5, a)}^${exponent}`, value: a.value ** exponent, level: 4 };
    }
    default: {
      const value = rng.int(0, 99) / 4;
      return { text: String(value), value, level: 5 };
    }
  }
};

test('arithmetic: random expressions have the value they were made from', () => {
  const rng = random(20_260_101);
  let odd = 0;
  for (let i = 0; i < 3_000; i++) {
    const { text, value } = randomExpression(rng, 5);
    if (Number.isFinite(value)) assert.is(evaluate(text), value, text);
    else odd++;
  }
  assert.ok(odd < 300);
});

test('arithmetic: refuses in one sentence, with the position', () => {
  const errors: Readonly<Record<string, RegExp>> = {
    '': /ends where a number should follow, at position 1/,
    '1 +': /ends where a number should follow, at position 4/,
    '2 +* 3': /"\*" at position 4 where a number/,
    '(1': /parenthesis at position 1 is never closed/,
    '(1 2)': /"2" at position 4 where an operator/,
    '1)': /"\)" at position 2 where an operator/,
    '()': /"\)" at position 2 where a number/,
    '1 x': /"x" at position 3/,
    '1.2.3': /"\." at position 4/,
    '💥': /"💥" at position 1/,
    '1/0': /The \/ at position 2 divides by zero/,
    '1/(2-2)': /The \/ at position 2 divides by zero/,
    '0^-1': /The \^ at position 2 divides by zero/,
    '(-8)^.5': /no real result/,
    '9^9^9': /too large/,
    '1e999': /1e999 at position 1 gives a number that is too large/,
    'process.exit(1)': /"p" at position 1/,
    Math: /"M" at position 1/,
  };
  for (const [expression, error] of Object.entries(errors)) refuses(() => evaluate(expression), error);
});

test('arithmetic: hostile depth and length are no danger', () => {
  const n = 10_000;
  for (const deep of ['('.repeat(n) + '1' + ')'.repeat(n), '('.repeat(n), '-'.repeat(n) + '1', '2^'.repeat(n) + '1'])
    refuses(() => evaluate(deep), new RegExp(`deeper than ${DEPTH_MAX} levels at position \\d+`));
  assert.is(evaluate('('.repeat(DEPTH_MAX) + '7' + ')'.repeat(DEPTH_MAX)), 7);
  assert.is(evaluate(Array.from({ length: 100_000 }, () => '(1)').join('+')), 100_000);
});

test('units: known conversions are exact, there and back', () => {
  const known: readonly (readonly [number, string, number, string])[] = [
    [1, 'mile', 1_609.344, 'm'],
    [1, 'nautical mile', 1_852, 'metres'],
    [1, 'yd', 36, 'inches'],
    [2.54, 'cm', 1, 'in'],
    [1, 'lb', 453.59237, 'grams'],
    [1, 'stone', 14, 'pounds'],
    [1, 'pound', 16, 'oz'],
    [1, 't', 1e9, 'mg'],
    [212, '°F', 100, '°C'],
    [-40, 'celsius', -40, 'fahrenheit'],
    [0, 'kelvin', -273.15, 'degrees Celsius'],
    [1, 'wk', 168, 'h'],
    [1, 'day', 86_400_000, 'ms'],
    [1, 'GiB', 1_073.741824, 'MB'],
    [3, 'bytes', 24, 'bits'],
  ];
  for (const [value, from, result, to] of known) {
    assert.is(convert(value, from, to), result, `${value} ${from}`);
    assert.ok(Math.abs(convert(result, to, from) - value) <= 1e-12 * Math.max(1, Math.abs(value)), `${result} ${to}`);
  }
});

test('units: unlike and unknown ones are refused in one sentence', () => {
  refuses(() => convert(1, 'mile', 'kg'), /^Miles measure length and kilograms measure mass, so [^.]+\.$/);
  refuses(() => convert(1, 'K', 's'), /^Kelvins measure temperature and seconds measure time/);
  for (const unit of ['parsec', '', '__proto__', 'constructor', 'mB', 'M'])
    refuses(() => convert(1, unit, 'm'), /^The unit ".*" is unknown; [^.]+\.$/);
  refuses(() => convert(-1, 'kelvin', 'celsius'), /below absolute zero/);
  refuses(() => convert(-500, '°F', 'K'), /below absolute zero/);
  refuses(() => convert(1e308, 'TiB', 'bits'), /too many/);
});

const { signal } = new AbortController();

test('files: finds lines by file and line, sorted, below the folder that is asked about', async () => {
  const folder = folderOf({
    'b.txt': 'one\r\ntwo x\r\n',
    'a/z.txt': 'x',
    'a.txt': 'nothing',
    'a-b.txt': 'x\nx x\n\nX',
    'node_modules/p/i.js': 'x',
    'sub/node_modules/i.js': 'x',
    '.git/config': 'x',
    'binary.bin': Buffer.from([120, 0, 120]),
    'large.txt': 'x'.repeat(1_000_001),
    'sub/ü.txt': '\nx',
  });
  assert.equal(await searchFiles(folder, '.', 'x', signal), {
    matches: ['a-b.txt:1', 'a-b.txt:2', 'a/z.txt:1', 'b.txt:2', 'sub/ü.txt:2'],
    lines: 5,
    files: 4,
    unreadable: 0,
  });
  assert.equal((await searchFiles(folder, 'sub/../a', 'x', signal)).matches, ['a/z.txt:1']);
  assert.equal((await searchFiles(folder, '.', '.*', signal)).lines, 0, 'a text, not a pattern');
});

test('files: what is found in real folders is what a plain look at every file finds', async () => {
  const folder = join(root, 'demos/agent');
  const expected = readdirSync(folder, { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts'))
    .toSorted()
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .flatMap((line, i) => (line.includes('ToolError') ? [`${name}:${i + 1}`] : [])),
    );
  const { matches, lines } = await searchFiles(folder, '.', 'ToolError', signal);
  assert.ok(expected.length > 10);
  assert.equal(matches, expected.slice(0, MATCHES_MAX));
  assert.is(lines, expected.length);
});

test('files: lists so many matches at most, and counts them all', async () => {
  const folder = folderOf({ 'a.txt': 'x\n'.repeat(MATCHES_MAX - 1), 'b.txt': 'x\n'.repeat(500), 'c.txt': 'x' });
  const { matches, lines, files } = await searchFiles(folder, '.', 'x', signal);
  assert.equal([matches.length, matches.at(-1), lines, files], [MATCHES_MAX, 'b.txt:1', MATCHES_MAX + 500, 3]);
});

const rejects = async (work: Promise<unknown>, message: RegExp): Promise<void> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ToolError, String(error));
  assert.match(error.message, message);
};

test('files: there is no way out of the folder', async () => {
  const outside = folderOf({ 'open/x.txt': 'x', 'openly/x.txt': 'x' });
  const folder = join(outside, 'open');
  symlinkSync(outside, join(folder, 'out'));
  symlinkSync(join(outside, 'openly', 'x.txt'), join(folder, 'file.txt'));
  symlinkSync(folder, join(folder, 'loop'));

  for (const way of [
    '..',
    '../openly',
    '../nowhere',
    'a/../../openly',
    '/etc',
    outside,
    'out',
    'out/openly',
    'loop/out',
  ])
    await rejects(searchFiles(folder, way, 'x', signal), /^The folder ".+" is outside the one that may be searched\.$/);
  assert.equal((await searchFiles(folder, '.', 'x', signal)).matches, ['x.txt:1']);
  assert.equal((await searchFiles(folder, 'loop', 'x', signal)).matches, ['x.txt:1']);
  for (const none of ['nowhere', 'a\0b', 'a'.repeat(5_000)])
    await rejects(searchFiles(folder, none, 'x', signal), /^There is no folder /);
  await rejects(searchFiles(folder, 'x.txt', 'x', signal), /is not a folder/);
  for (const text of ['', 'a\nb', 'x'.repeat(201)])
    await rejects(searchFiles(folder, '.', text, signal), /1 to 200 characters, on one line/);
});

test('files: stops when its signal is aborted', async () => {
  const folder = folderOf({ 'a.txt': 'x' });
  const controller = new AbortController();
  controller.abort(new Error('enough'));
  const error: unknown = await searchFiles(folder, '.', 'x', controller.signal).catch((thrown: unknown) => thrown);
  assert.is((error as Error).message, 'enough');
});

test('files: one that goes away during the search is counted as unreadable', async () => {
  const folder = folderOf({ 'a.txt': 'x', 'b.txt': 'x', 'c.txt': 'x' });
  let looks = 0;
  const watched = Object.assign(new AbortController().signal, {
    throwIfAborted: () => {
      if (++looks === 2) rmSync(join(folder, 'b.txt'));
    },
  });
  const { matches, unreadable } = await searchFiles(folder, '.', 'x', watched);
  assert.equal([matches, unreadable], [['a.txt:1', 'c.txt:1'], 1]);
});

test('nothing that could steer a terminal is printed as it is', () => {
  const evil = '\u001b[31m\u0007\u009b1m\r\n\u202e\u2028\ud800x';
  assert.is(printable(evil), '\\u001b[31m\\u0007\\u009b1m\\u000d\\u000a\\u202e\\u2028\\ud800x');
  assert.is(printable('ü 💥 "\\"'), 'ü 💥 "\\"');
});

const main = (...task: readonly string[]) =>
  command(process.execPath, ['--import', 'tsx', join(root, 'demos/agent/main.ts'), ...task], { timeoutMs: 30_000 });

test('runs as a program in a pipe: tells what happens, answers on autopilot, and counts', async () => {
  const { code, text } = await main('How', 'many', 'metres', 'are', '3.5', 'miles', 'plus', '12 * 7', 'miles?');
  assert.is(code, 0, text);
  assert.match(
    text,
    `\n3.5 + 12 * 7 is 87.5 [tool_1], and 87.5 miles are ${(87_500 * 1_609_344) / 1e6} metres [tool_4].\n`,
  );
  for (const line of [
    'supervisor_start: the model asks for arithmetic',
    'planTools adds tool_1: arithmetic {"expression":"3.5 + 12 * 7"}',
    'tool_1 gives {"result":87.5}',
    'nobody has answered human_check: on autopilot it goes on with its default, "yes"',
  ])
    assert.match(text, line);
  assert.match(text, '9 nodes, 2 of them tools; 3 rounds of the model.');
});

test('as a program it prints no control characters, and takes a task that is longer than a name', async () => {
  const evil = await main('What is \u001b[31m? Which files of demos/agent/tools mention "\u0007\u202e"?');
  assert.is(evil.code, 0, evil.text);
  assert.match(evil.text, '\\u001b[31m');
  assert.match(evil.text, '\\u0007\\u202e');
  assert.not.match(evil.text, /[^\P{Cc}\n]|\u202e/u);

  const long = await main('x'.repeat(1_001));
  assert.is(long.code, 0, long.text);
  assert.match(long.text, "I don't understand");
});

test.run();
