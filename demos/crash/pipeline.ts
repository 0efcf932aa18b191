import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { filter, map } from 'rxjs';
import {
  ActionRegistry,
  action,
  addNode,
  ofType,
  ref,
  type Graph,
  type HookOperator,
  type NodeContext,
} from '../../lib/index.js';

export const CHUNKS = 24;
export const RUN = 'hashing';

const text = (): string =>
  readFileSync(
    join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '../data/seattle-weather.csv'),
    'utf8',
  );

/** The text in as many parts as there are nodes. */
export const chunkOf = (index: number): string => {
  const lines = text().split('\n');
  const size = Math.ceil(lines.length / CHUNKS);
  return lines.slice(index * size, (index + 1) * size).join('\n');
};
export const hashOf = (part: string): string => createHash('sha256').update(part).digest('hex');

/** Every call leaves a line in `ledger`: so it can be seen afterwards what ran, and what ran twice. */
const actionsWith = (ledger: string): ActionRegistry => {
  const note = ({ nodeId, attempt, idempotencyKey }: NodeContext): Promise<void> =>
    appendFile(ledger, `${JSON.stringify({ nodeId, attempt, idempotencyKey })}\n`);
  return new ActionRegistry().register(
    action('hash', async (ctx: NodeContext<{ chunk: number }>) => {
      await note(ctx);
      await sleep(20 + (ctx.inputs.chunk % 4) * 10, undefined, { signal: ctx.signal });
      return hashOf(chunkOf(ctx.inputs.chunk));
    }),
    action('check', async (ctx: NodeContext<{ chunk: number; hash: string }>) => {
      await note(ctx);
      await sleep(10);
      return hashOf(chunkOf(ctx.inputs.chunk)) === ctx.inputs.hash;
    }),
    action('seal', async (ctx: NodeContext<{ hashes: readonly string[] }>) => {
      await note(ctx);
      return hashOf(ctx.inputs.hashes.join('\n'));
    }),
  );
};

const names = Array.from({ length: CHUNKS }, (_, i) => `hash ${i}`);

const graph: Graph = {
  name: 'hashing',
  config: { maxParallelNodes: 4, maxInterruptions: 1_000 },
  nodes: [
    ...names.map((id, chunk) => ({ id, action: 'hash', inputs: { chunk } })),
    { id: 'seal', action: 'seal', inputs: { hashes: names.map((node) => ref({ node })) } },
  ],
};

/** Has every third chunk checked by a node of its own. It counts for itself: after a crash the log gives it its count back. */
const checkEveryThird: HookOperator = Object.assign<HookOperator, { hookName: string }>(
  (event$) =>
    event$.pipe(
      ofType('NodeSucceeded'),
      filter(({ nodeId }) => nodeId.startsWith('hash ')),
      filter((_, count) => count % 3 === 2),
      map(({ nodeId }) =>
        addNode({
          id: `check of ${nodeId}`,
          action: 'check',
          inputs: { chunk: Number(nodeId.slice('hash '.length)), hash: ref({ node: nodeId }) },
        }),
      ),
    ),
  { hookName: 'checkEveryThird' },
);

/** Everything that a `DagExecutor` needs beside its store. */
export const hashingPipeline = (ledger: string) => ({
  graph,
  registry: actionsWith(ledger),
  hooks: [checkEveryThird],
});
