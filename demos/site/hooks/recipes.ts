/** Hooks to begin with. */
export const recipes: readonly { readonly title: string; readonly code: string }[] = [
  {
    title: 'Add a node for each failure',
    code: `// What you return is what you ask for.
(event$, ctx) => event$.pipe(
  ofType('NodeFailed'),
  filter(({ nodeId }) => !nodeId.startsWith('note-')),
  map(({ nodeId, attempt, seq }) =>
    addNode({
      id: \`note-\${nodeId}-\${seq}\`,
      action: 'work',
      deps: [nodeId],
      runIf: 'allDone',
      inputs: { ms: 400 },
    }),
  ),
)`,
  },
  {
    title: 'Pause a branch for 2 s',
    code: `// Whatever depends on "merge" waits for two seconds.
answerWith(
  (event$) => event$.pipe(ofType('NodeSucceeded'), onNode('merge')),
  () => concat(
    of(pauseBranch('publish', 'a short break')),
    timer(2000).pipe(map(() => resumeBranch('publish'))),
  ),
)`,
  },
  {
    title: 'Answer for the person',
    code: `// Nobody has to press a button any more.
(event$) => event$.pipe(
  ofType('NodeWaiting'),
  filter(({ on }) => on === 'input'),
  delay(1000),
  map(({ nodeId }) => provideInput(nodeId, 'yes')),
)`,
  },
  {
    title: 'Throw (it is contained)',
    code: `// The run goes on without it.
(event$) => event$.pipe(
  ofType('NodeSucceeded'),
  map(({ nodeId }) => {
    throw new Error(\`I do not like \${nodeId}.\`);
  }),
)`,
  },
  {
    title: 'Flood (it is cut off)',
    code: `// More commands than the run's commandBudget of 300.
(event$) => event$.pipe(
  ofType('NodeStarted'),
  mergeMap(() => range(1, 1000)),
  map((n) => emitEvent('flood', n)),
)`,
  },
];
