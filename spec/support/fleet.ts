import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import type { ExecutionEvent, Graph, NodeSpec } from '../../lib/index.js';
import { redisStore, submitRun } from '../../lib/remote/index.js';
import { checkLog } from '../../lib/testing/index.js';
import { build, main, project } from './cli.js';

const actions = `
import { appendFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
export const hash = async ({ nodeId, inputs, idempotencyKey }) => {
  await new Promise((done) => setTimeout(done, inputs.ms));
  appendFileSync(process.env.LEDGER, JSON.stringify({ nodeId, idempotencyKey, pid: process.pid }) + '\\n');
  return createHash('sha256').update([nodeId, ...inputs.values].join(' ')).digest('hex').slice(0, 16);
};
`;

/** Layers of nodes that each wait for three of the layer before, and take 10 to 29 ms. */
export const layers = (count: number, width: number): Graph => {
  const nodes = Array.from({ length: count * width }, (_, i): NodeSpec => {
    const [layer, place] = [Math.floor(i / width), i % width];
    const deps = layer === 0 ? [] : [0, 1, 7].map((step) => `n${layer - 1}-${(place + step) % width}`);
    return {
      id: `n${layer}-${place}`,
      action: 'hash',
      placement: 'pool:fleet',
      deps,
      inputs: { ms: 10 + ((i * 7) % 20), values: deps.map((dep) => ({ $ref: dep })) },
    };
  });
  return { name: 'layers', nodes, config: { maxParallelNodes: 32, maxInterruptions: 20 } };
};

/** What a coordinator or a worker says, a line of JSON each. */
type Line = Readonly<Record<string, unknown>>;

/** A process of a fleet. */
export class Member {
  readonly lines: Line[] = [];
  readonly process: ChildProcess;
  errors = '';

  constructor(child: ChildProcess) {
    this.process = child;
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line.startsWith('{')) this.lines.push(JSON.parse(line) as Line);
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
  }

  has(type: string): boolean {
    return this.lines.some((line) => line['type'] === type);
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.process.kill(signal);
  }
}

const fleets = new Set<Fleet>();
process.once('exit', () => fleets.forEach((fleet) => fleet.close()));

/** How a run on a fleet came out. */
export interface FleetEnd {
  readonly events: readonly ExecutionEvent[];
  /** How often actions ran, more than the nodes are. */
  readonly twice: number;
}

/** Workers and coordinators of one Redis, in processes of their own, by the built command line. */
export class Fleet {
  readonly folder: string;
  readonly url: string;
  readonly #members = new Set<Member>();
  readonly #env: NodeJS.ProcessEnv;
  readonly #ledger: string;

  private constructor(url: string, folder: string) {
    this.url = url;
    this.folder = folder;
    this.#ledger = join(folder, 'ledger.jsonl');
    this.#env = { ...process.env, RXDAG_KEY: randomBytes(32).toString('hex'), LEDGER: this.#ledger };
    fleets.add(this);
  }

  static async open(url: string): Promise<Fleet> {
    await build();
    return new Fleet(url, project({ 'actions.mjs': actions }));
  }

  /** A worker of eight jobs whose locks last two seconds. */
  worker(url = this.url): Member {
    return this.#start('worker', url, '--pool', 'fleet', '--concurrency', '8', '--lock-seconds', '2');
  }

  /** A coordinator whose leases last two seconds. */
  coordinator(url = this.url): Member {
    return this.#start('coordinate', url, '--lease-seconds', '2');
  }

  /** Submits a run and follows it to its end; `at` does something once so many nodes are done. */
  async run(graph: Graph, at: Readonly<Record<number, () => void | Promise<void>>> = {}): Promise<FleetEnd> {
    const store = redisStore({ connection: this.url });
    try {
      await submitRun(store, graph, { runId: 'r', now: Date.now() });
      let done = 0;
      for await (const event of store.tail('r'))
        if (event.type === 'NodeSucceeded') {
          done++;
          await at[done]?.();
        }
      return await this.#end(graph, store);
    } catch (error) {
      // What was given may be lost with the end of an append-only file: then the log is read once more, as it is now.
      if ((error as { type?: string }).type !== 'Diverged') throw this.#explained(error);
      for await (const _ of store.tail('r'));
      return await this.#end(graph, store);
    } finally {
      await store.close();
    }
  }

  async until(what: () => boolean, ms = 60_000): Promise<void> {
    for (const end = Date.now() + ms; !what(); await sleep(20))
      if (Date.now() > end) throw this.#explained(new Error(`It did not come to pass: ${String(what)}`));
  }

  close(): void {
    for (const { process: child } of this.#members) child.kill('SIGKILL');
    this.#members.clear();
    fleets.delete(this);
  }

  #start(name: string, url: string, ...args: readonly string[]): Member {
    const all = [main, name, '--redis', url, '--actions', join(this.folder, 'actions.mjs'), ...args, '--json'];
    const member = new Member(spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'], env: this.#env }));
    this.#members.add(member);
    return member;
  }

  #explained(error: unknown): Error {
    const told = [...this.#members].map(({ lines, errors }) => `${JSON.stringify(lines.slice(-5))} ${errors}`);
    return new Error(`${(error as Error).message}\n${told.join('\n')}`, { cause: error });
  }

  /** Whatever happened, each node has completed once, with the right value. */
  async #end({ nodes }: Graph, store: ReturnType<typeof redisStore>): Promise<FleetEnd> {
    const events: ExecutionEvent[] = [];
    for await (const event of store.read('r')) events.push(event);
    assert.equal(checkLog(events), []);
    const last = events.at(-1);
    assert.ok(last?.type === 'RunSettled' && last.success, JSON.stringify(last));
    const done = events.filter((event) => event.type === 'NodeSucceeded');
    assert.is(done.length, nodes.length);
    assert.is(new Set(done.map((event) => event.type === 'NodeSucceeded' && event.nodeId)).size, nodes.length);
    const values = new Map(
      done.flatMap((event) => (event.type === 'NodeSucceeded' ? [[event.nodeId, event.output]] : [])),
    );
    const { createHash } = await import('node:crypto');
    for (const { id, deps = [] } of nodes) {
      const text = [id!, ...deps.map((dep) => values.get(dep) as string)].join(' ');
      assert.is(values.get(id!), createHash('sha256').update(text).digest('hex').slice(0, 16), id);
    }
    const calls = existsSync(this.#ledger) ? readFileSync(this.#ledger, 'utf8').trim().split('\n') : [];
    for (const line of calls) {
      const { nodeId, idempotencyKey } = JSON.parse(line) as {
        readonly nodeId: string;
        readonly idempotencyKey: string;
      };
      assert.is(idempotencyKey, `r/${nodeId}`);
    }
    return { events, twice: calls.length - nodes.length };
  }
}
