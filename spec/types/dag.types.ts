import * as t from 'io-ts';
import { of } from 'rxjs';
import * as TE from '#fp-ts/TaskEither';
import { action } from '../../lib/define/action.js';
import { ActionRegistry } from '../../lib/define/ActionRegistry.js';
import { dag, type Dag } from '../../lib/define/dag.js';
import { input } from '../../lib/define/Handle.js';
import type { NodeAction, NodeContext } from '../../lib/define/NodeAction.js';
import { ref } from '../../lib/model/Ref.js';

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;

interface Row {
  readonly id: number;
  readonly name?: string;
  readonly tags: readonly string[];
}

const fetchRows = action('fetch', async ({ inputs }: NodeContext<{ url: string }>) => ({
  rows: [{ id: 1, tags: [inputs.url] }] as Row[],
  total: 1,
}));
const clean = action('clean', ({ inputs }: NodeContext<{ rows: readonly Row[]; limit?: number }>) =>
  inputs.rows.map((row) => row.id),
);
const load = action('load', ({ inputs }: NodeContext<{ rows: number[]; into?: { table: string; day: string } }>) =>
  of(inputs.rows.length > 0),
);
const untyped = action('untyped', ({ inputs }) => `${inputs.anything}`);
const bare = action('bare', () => 1);

export type Cases = [
  Expect<Equal<typeof fetchRows, NodeAction<{ url: string }, { rows: Row[]; total: number }>>>,
  Expect<Equal<typeof clean, NodeAction<{ rows: readonly Row[]; limit?: number }, number[]>>>,
  Expect<Equal<typeof load, NodeAction<{ rows: number[]; into?: { table: string; day: string } }, boolean>>>,
  Expect<Equal<typeof untyped, NodeAction<any, string>>>,
  Expect<Equal<typeof bare, NodeAction<any, number>>>,
];

const te = action('te', () => TE.right<Error, number>(1));
async function* numbers(): AsyncGenerator<number> {
  yield 1;
}
const iterated = action('iterated', numbers);
const coded = action({
  name: 'coded',
  input: t.type({ n: t.number }),
  output: t.type({ m: t.string }),
  execute: ({ inputs }) => ({ m: inputs.n.toFixed() }),
});
const halfCoded = action({ name: 'half', input: t.type({ n: t.number }), execute: async ({ inputs }) => inputs.n + 1 });
const annotated = action({ name: 'annotated', execute: ({ inputs }: NodeContext<{ a: string }>) => [inputs.a] });
export type Unwrapped = [
  Expect<Equal<typeof te, NodeAction<any, number>>>,
  Expect<Equal<typeof iterated, NodeAction<any, number>>>,
  Expect<Equal<typeof coded, NodeAction<{ n: number }, { m: string }>>>,
  Expect<Equal<typeof halfCoded, NodeAction<{ n: number }, number>>>,
  Expect<Equal<typeof annotated, NodeAction<{ a: string }, string[]>>>,
];
// @ts-expect-error the output codec says string
action({ name: 'wrong', output: t.type({ m: t.string }), execute: () => ({ m: 1 }) });
// @ts-expect-error placement is 'local' or a pool
action({ name: 'wrong', placement: 'elsewhere', execute: () => 1 });

const etl = dag('etl', { maxParallelNodes: 4 })
  .node('fetch', fetchRows, { url: input('url') })
  .node('clean', clean, ({ fetch }) => ({ rows: fetch.rows }))
  .node('load', load, ({ clean }) => ({ rows: clean }), { tryCount: 3, branch: 'sink' });

export type Outputs = [
  Expect<
    Equal<
      typeof etl extends Dag<infer O> ? { [K in keyof O]: O[K] } : never,
      { readonly fetch: { rows: Row[]; total: number }; readonly clean: number[]; readonly load: boolean }
    >
  >,
];

// Literals and references, side by side and inside each other.
etl
  .node('a', load, ({ fetch }) => ({
    rows: [1, fetch.total, fetch.rows[0].id],
    into: { table: 't', day: input<string>('day') },
  }))
  .node('b', clean, ({ fetch }) => ({ rows: [{ id: fetch.total, tags: ['x', fetch.rows[0].tags[1]] }], limit: 3 }))
  .node('c', clean, { rows: ref('fetch.rows'), limit: input<number>('limit') })
  .node('d', untyped, ({ fetch, load }) => ({ whatever: [fetch, { deep: load }] }))
  .node('e', bare)
  .node('f', bare, undefined, { deps: ['e', 'd'] })
  .node('g', 'human.input', { prompt: 'Go on?' })
  .node('h', clean, ({ g }) => ({ rows: g.anything.at.all }));

// @ts-expect-error url is needed
dag('x').node('fetch', fetchRows);
// @ts-expect-error url is needed
dag('x').node('fetch', fetchRows, {});
// @ts-expect-error a url is text
dag('x').node('fetch', fetchRows, { url: 1 });
// @ts-expect-error the input is asserted to be a number
dag('x').node('fetch', fetchRows, { url: input<number>('url') });
// @ts-expect-error there is no such input
dag('x').node('fetch', fetchRows, { url: '', uri: '' });
// @ts-expect-error a misspelt node
etl.node('x', clean, ({ fecth }) => ({ rows: fecth.rows }));
// @ts-expect-error a misspelt path
etl.node('x', clean, ({ fetch }) => ({ rows: fetch.row }));
// @ts-expect-error a misspelt path further down
etl.node('x', load, ({ fetch }) => ({ rows: [fetch.rows[0].idd] }));
// @ts-expect-error numbers are no rows
etl.node('x', clean, ({ clean }) => ({ rows: clean }));
// @ts-expect-error a row's name may be missing
etl.node('x', fetchRows, ({ fetch }) => ({ url: fetch.rows[0].name }));
// @ts-expect-error a misspelt optional input
etl.node('x', clean, ({ fetch }) => ({ rows: fetch.rows, limt: 1 }));
// @ts-expect-error inputs are an object of references, not one reference
etl.node('x', clean, ({ fetch }) => fetch);
// @ts-expect-error an id can be given once
etl.node('fetch', fetchRows, { url: '' });
// @ts-expect-error a node that is not there yet
etl.node('x', bare, undefined, { deps: ['later'] });
// @ts-expect-error no built-in action
etl.node('x', 'human.inputs', {});
// @ts-expect-error a misspelt option
etl.node('x', bare, {}, { tryCuont: 3 });
// @ts-expect-error not an option's value
etl.node('x', bare, {}, { runIf: 'sometimes' });

// when and forEach take handles, references, or a condition on either.
const fanned = etl
  .node('each', bare, {}, { forEach: ({ fetch }) => fetch.rows })
  .node('sum', load, ({ each }) => ({ rows: each }), { when: ({ load }) => load })
  .node('w1', bare, {}, { when: ({ fetch }) => ({ ref: fetch.total, equals: 3, not: true }) })
  .node('w2', bare, {}, { when: input('dry'), forEach: input('items') })
  .node('w3', bare, {}, { when: { $ref: 'inputs.dry', equals: true }, forEach: ref('fetch.rows') })
  .node('last', load, ({ w2, w3 }) => ({ rows: [w2[0], w3[0]] }));
// @ts-expect-error only a list has items
etl.node('x', bare, {}, { forEach: ({ fetch }) => fetch.total });
// @ts-expect-error a misspelt node
etl.node('x', bare, {}, { when: ({ laod }) => laod });
// @ts-expect-error each is a list
fanned.node('x', load, ({ each }) => ({ rows: [each] }));

// A definition inside another one.
dag('outer')
  .dag('sub', etl, { url: 'u' })
  .node('after', load, ({ sub }) => ({ rows: sub.clean }));
const outer = dag('outer').dag('sub', etl);
// @ts-expect-error the inner definition has no such node
outer.node('after', load, ({ sub }) => ({ rows: sub.cleaned }));

// Ids that are names of Object's own.
dag('odd')
  .node('__proto__', fetchRows, { url: '' })
  .node('constructor', bare)
  .node('then', bare)
  .node('last', load, (nodes) => ({ rows: [nodes.constructor, nodes.then, nodes['__proto__'].total] }));

/** An action that only ever fails is an action like any other. */
export const failing = new ActionRegistry().register(
  action('fails', () => {
    throw new Error('always');
  }),
  action('rejects', () => Promise.reject<never>(new Error('always'))),
);
