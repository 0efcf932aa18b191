import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromWfFormat, showWfFormatError } from '../../../lib/formats/wfformat/index.js';

const test = suite('fromWfFormat');

type Task = Record<string, unknown>;

interface File {
  readonly [key: string]: unknown;
  readonly workflow: {
    readonly specification: { readonly tasks: Task[] };
    readonly execution: { readonly tasks: Task[] };
  };
}

/** a, then b, then c, and anew for each test, which may break it. */
const chain = (): File => ({
  name: 'chain',
  description: 'Three tasks.',
  schemaVersion: '1.5',
  workflow: {
    specification: {
      tasks: [
        { name: 'first', id: 'a', parents: [], children: ['b'] },
        { name: 'second', id: 'b', parents: ['a'], children: ['c'], inputFiles: [] },
        { name: 'second', id: 'c', parents: ['b'], children: [] },
      ],
    },
    execution: {
      makespanInSeconds: 6,
      executedAt: '2024-05-02T08:00:00Z',
      tasks: [
        { id: 'c', runtimeInSeconds: 0 },
        { id: 'a', runtimeInSeconds: 1.5, avgCPU: 97 },
        { id: 'b', runtimeInSeconds: 0.309 },
      ],
    } as File['workflow']['execution'],
  },
});

/** What is said of a file that was broken. */
const errors = (breakIt: (file: any, tasks: Task[], executed: Task[]) => void): readonly string[] => {
  const file = chain();
  breakIt(file, file.workflow.specification.tasks, file.workflow.execution.tasks);
  const read = fromWfFormat(file, { file: 'x.json' });
  assert.is(read._tag, 'Left');
  return read._tag === 'Left' ? read.left.map((error) => showWfFormatError(error).replace('x.json: ', '')) : [];
};

const TASKS = 'workflow.specification.tasks';
const EXECUTED = 'workflow.execution.tasks';

test('tasks become nodes, with their names as actions and run times as estimates', () => {
  const read = fromWfFormat(JSON.stringify(chain()));
  assert.equal(read._tag === 'Right' && read.right.graph, {
    name: 'chain',
    description: 'Three tasks.',
    nodes: [
      { id: 'a', action: 'first', estimateMs: 1_500 },
      { id: 'b', action: 'second', deps: ['a'], estimateMs: 309 },
      { id: 'c', action: 'second', deps: ['b'], estimateMs: 0 },
    ],
  });
});

test('a task named as what is built in is no such thing', () => {
  const file = chain();
  file.workflow.specification.tasks[0]!['name'] = 'human.input';
  const read = fromWfFormat(file);
  assert.is(read._tag === 'Right' && read.right.graph.nodes[0]!.action, 'task human.input');
});

test('what is no JSON, or no object, is told', () => {
  for (const text of ['{"name": ', '', 'name: x']) {
    const read = fromWfFormat(text, { file: 'x.json' });
    assert.ok(read._tag === 'Left' && read.left.length === 1 && read.left[0]!.type === 'Syntax', text);
    assert.match(showWfFormatError(read.left[0]!), /^x\.json: This is not JSON: /);
  }
  for (const source of ['[]', 'null', '3', undefined, () => 1])
    assert.is(fromWfFormat(source)._tag, 'Left', String(source));
});

test('parts that are missing or of another kind are told with their place', () => {
  assert.equal(
    errors((file) => delete file.workflow),
    ['workflow: "workflow" is missing.'],
  );
  assert.equal(
    errors((file) => (file.workflow = [])),
    ['workflow: "workflow" is a list, not an object.'],
  );
  assert.equal(
    errors((file) => delete file.name),
    ['name: The name is missing.'],
  );
  assert.equal(
    errors((file) => (file.workflow.specification.tasks = [])),
    [`${TASKS}: The list of tasks is empty; a workflow has at least one.`],
  );
  assert.equal(
    errors((file) => delete file.workflow.execution),
    ['workflow.execution: "execution" is missing, which tells how long tasks ran.'],
  );
  assert.equal(
    errors((file) => (file.workflow.execution.tasks = 7)),
    [`${EXECUTED}: The tasks are 7, not a list.`],
  );
});

test('another version is refused', () => {
  assert.equal(
    errors((file) => (file.schemaVersion = '1.4')),
    ['schemaVersion: The version is "1.4"; this reads WfFormat 1.5.'],
  );
  assert.equal(
    errors((file) => delete file.schemaVersion),
    ['schemaVersion: The version is missing; this reads WfFormat 1.5.'],
  );
});

test('a malformed task is told with its name', () => {
  assert.equal(
    errors((_, tasks) => (tasks[1] = 'b' as never)),
    [`${TASKS}[1]: "tasks[1]" is "b", not an object.`, `${EXECUTED}[2].id: Task "b" has run, but is not in ${TASKS}.`],
  );
  assert.equal(errors((_, tasks) => delete tasks[2]!['id']).slice(0, 1), [`${TASKS}[2].id: The id is missing.`]);
  assert.equal(errors((_, tasks) => (tasks[1]!['name'] = 5)).slice(0, 1), [
    `${TASKS}[1].name: The name of task "b" is 5, not a text.`,
  ]);
  assert.equal(errors((_, tasks) => (tasks[1]!['parents'] = 'a')).slice(0, 1), [
    `${TASKS}[1].parents: The parents of task "b" are "a", not a list; write a list of ids.`,
  ]);
  assert.equal(errors((_, tasks) => delete tasks[2]!['children']).slice(0, 1), [
    `${TASKS}[2].children: The children of task "c" are missing; write a list of ids.`,
  ]);
  assert.equal(errors((_, tasks) => (tasks[1]!['parents'] = ['a', 3])).slice(0, 1), [
    `${TASKS}[1].parents[1]: One of the parents of task "b" is 3, not the id of a task.`,
  ]);
});

test('a run time that is missing or no time is told', () => {
  assert.equal(
    errors((_, __, executed) => executed.pop()),
    [`${TASKS}[1]: Task "b" has no entry in ${EXECUTED}, so its run time is not known.`],
  );
  assert.equal(
    errors((_, __, executed) => delete executed[1]!['runtimeInSeconds']),
    [`${EXECUTED}[1].runtimeInSeconds: The run time of task "a" is missing.`],
  );
  for (const [time, shown] of [
    [-1, '-1'],
    ['3', '"3"'],
    [null, 'null'],
    [Number.NaN, 'NaN'],
    [Infinity, 'Infinity'],
  ] as const)
    assert.equal(
      errors((_, __, executed) => (executed[1]!['runtimeInSeconds'] = time)),
      [`${EXECUTED}[1].runtimeInSeconds: The run time of task "a" is ${shown}; write seconds, a number from 0.`],
    );
  assert.match(
    errors((_, __, executed) => (executed[1]!['runtimeInSeconds'] = 3e6))[0]!,
    `${EXECUTED}[1].runtimeInSeconds: `,
  );
});

test('ids that are there twice, or nowhere, are told', () => {
  assert.equal(
    errors((_, tasks) => tasks.push({ ...tasks[0] })),
    [`${TASKS}[3].id: Task "a" is there already, as ${TASKS}[0].`],
  );
  assert.equal(
    errors((_, __, executed) => executed.push({ ...executed[0] })),
    [`${EXECUTED}[3].id: Task "c" has run already, as ${EXECUTED}[0].`],
  );
  assert.equal(
    errors((_, __, executed) => executed.push({ id: 'z', runtimeInSeconds: 1 })),
    [`${EXECUTED}[3].id: Task "z" has run, but is not in ${TASKS}.`],
  );
  assert.equal(
    errors((_, tasks) => (tasks[2]!['children'] = ['z'])),
    [`${TASKS}[2].children[0]: Task "c" names the child "z", which is no task.`],
  );
  assert.equal(
    errors((_, tasks) => (tasks[0]!['parents'] = [''])),
    [`${TASKS}[0].parents[0]: Task "a" names the parent "", which is no task.`],
  );
});

test('parents and children that disagree are told from both sides', () => {
  assert.equal(
    errors((_, tasks) => (tasks[0]!['children'] = ['b', 'c'])),
    [`${TASKS}[0].children[1]: Task "a" names the child "c", which does not name it as a parent.`],
  );
  assert.equal(
    errors((_, tasks) => (tasks[0]!['children'] = [])),
    [`${TASKS}[1].parents[0]: Task "b" names the parent "a", which does not name it as a child.`],
  );
});

test('a cycle is told as a path', () => {
  const cyclic = errors((_, tasks) => {
    tasks[0]!['parents'] = ['c'];
    tasks[2]!['children'] = ['a'];
  });
  assert.is(cyclic.length, 1);
  assert.match(
    cyclic[0]!,
    /^workflow\.specification\.tasks\[\d\]\.parents: These tasks wait for each other: (.) -> . -> . -> \1\. Remove one parent\.$/,
  );
  assert.equal(
    errors((_, tasks) => {
      tasks[1]!['parents'] = ['a', 'b'];
      tasks[1]!['children'] = ['c', 'b'];
    }),
    [`${TASKS}[1].parents[1]: Task "b" depends on itself; take it out of its parents.`],
  );
});

test('ids that no node can have are told', () => {
  const odd = errors((_, tasks, executed) => {
    tasks[2]!['id'] = 'inputs';
    tasks[1]!['children'] = ['inputs'];
    executed[0]!['id'] = 'inputs';
  });
  assert.equal(odd, [`${TASKS}[2].id: The id "inputs" is reserved for the run's inputs; rename the task.`]);
});

test('every error names its task, all are found at once, and of a flood the first hundred are told', () => {
  const file = chain();
  for (let i = 0; i < 150; i++)
    file.workflow.specification.tasks.push({ name: 't', id: `t${i}`, parents: [], children: [] });
  (file.workflow.execution.tasks[0] as Task)['runtimeInSeconds'] = 'long';
  const read = fromWfFormat(file);
  assert.ok(read._tag === 'Left');
  assert.is(read.left.length, 101);
  assert.equal(
    read.left.slice(0, 2).map(({ type, task }) => [type, task]),
    [
      ['InvalidNumber', 'c'],
      ['MissingRuntime', 't0'],
    ],
  );
  assert.is(read.left[100]!.message, 'There are 51 more errors.');
});

test('signs that could steer a terminal are escaped', () => {
  const [said] = errors((_, tasks) => (tasks[2]!['children'] = ['\u001b[2J']));
  assert.match(said!, String.raw`\u001b[2J`);
  assert.not.match(said!, '\u001b');
});

test('a name such as __proto__ is one like any other', () => {
  const text = JSON.stringify(chain()).replaceAll('"a"', '"__proto__"');
  const read = fromWfFormat(text);
  assert.is(read._tag === 'Right' && read.right.graph.nodes[0]!.id, '__proto__');
});

test.run();
