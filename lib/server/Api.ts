import type { IncomingMessage, ServerResponse } from 'node:http';
import { DagError, ExecutorCommand, type DagExecutor } from '../index.js';
import { explain } from '../model/explain.js';
import { failureOf } from '../model/Failure.js';
import { Allowance } from './Allowance.js';
import { differenceOf } from '../viewer/source/RunDifference.js';
import { headers } from './headers.js';
import { LargeAnswers } from './LargeAnswers.js';
import { readJson } from './readJson.js';
import { Refusal } from './Refusal.js';
import type { RunBook } from './RunBook.js';
import type { RunFeed } from './RunFeed.js';
import { routeOf, type Route, type Target } from './Route.js';
import type { Role } from './Tokens.js';

/** What begins a run with what another one had come to, and compares two of them: a `DagExecutor`, for one. */
export type Forker = Pick<DagExecutor, 'fork' | 'diff'>;

const COMMANDS_PER_SECOND = 100;
const STREAMS = 32;
const AGAIN_MAX = 10_000;

/** Answers what the page asks, once it is clear who asks. */
export class Api {
  readonly #book: RunBook;
  readonly #forker: Forker | undefined;
  readonly #commands = new Allowance(COMMANDS_PER_SECOND);
  readonly #large = new LargeAnswers();
  #streams = 0;

  constructor(book: RunBook, forker: Forker | undefined) {
    this.#book = book;
    this.#forker = forker;
  }

  /** Throws a `Refusal` for what is not answered. */
  async answer(request: IncomingMessage, response: ServerResponse, target: Target, role: Role): Promise<void> {
    const route = routeOf(target, request.method!);
    if (request.method === 'POST' && role !== 'full') throw new Refusal(403, 'With this address one can only look.');
    switch (route.what) {
      case 'runs':
        return this.#large.make(response, async () => sendJson(response, 200, await this.#book.list()));
      case 'events':
        return this.#large.make(response, async () => this.#events(response, await this.#feed(route.runId), route));
      case 'stream':
        return this.#stream(response, await this.#feed(route.runId), route.from);
      case 'state':
        return this.#large.make(response, async () =>
          sendText(response, 200, [stateOf(await this.#feed(route.runId))]),
        );
      case 'diff':
        return this.#large.make(response, () => this.#diff(response, route.runId, route.other));
      case 'commands':
      case 'fork': {
        if (!this.#commands.take())
          throw new Refusal(429, `At most ${COMMANDS_PER_SECOND} commands a second are taken.`, {
            'retry-after': '1',
            connection: 'close',
          });
        const wish = await readJson(request);
        return route.what === 'fork'
          ? this.#fork(response, route.runId, wish)
          : this.#command(response, route.runId, wish);
      }
    }
  }

  async #feed(runId: string): Promise<RunFeed> {
    const feed = await this.#book.feedOf(runId);
    if (feed === undefined) throw unknownRun();
    return feed;
  }

  async #events(response: ServerResponse, feed: RunFeed, { from, to }: Route & { what: 'events' }): Promise<void> {
    const { head } = feed.log;
    const end = Math.min(to, head);
    if (from > end) return sendText(response, 200, ['{"events":[]}']);
    let page: Awaited<ReturnType<RunFeed['pages']['from']>>;
    try {
      page = await feed.pages.from(from, end);
    } catch (error) {
      if (error instanceof DagError) throw new Refusal(410, error.message); // it is no longer kept
      throw error;
    }
    const next = page.last < end ? `,"next":${page.last + 1}` : '';
    sendText(response, 200, ['{"events":', page.json, `${next}}`]);
  }

  #stream(response: ServerResponse, feed: RunFeed, from: number): void {
    if (from > feed.log.head + 1) throw new Refusal(416, `The run has ${feed.log.head} events so far.`);
    if (this.#streams >= STREAMS)
      throw new Refusal(503, `${STREAMS} viewers watch already; close one.`, { 'retry-after': '5' });
    this.#streams++;
    const shared = this.#book.keep(feed);
    shared.join(response, from, () => {
      this.#streams--;
      this.#book.release(shared);
    });
  }

  async #command(response: ServerResponse, runId: string, wish: unknown): Promise<void> {
    const command = decoded(wish);
    const run = this.#book.live(runId);
    if (run === undefined) {
      const refused = await this.#book.refusal(runId);
      if (refused === undefined) throw unknownRun();
      return sendJson(response, 409, { refused });
    }
    const answer = await run.dispatch(command);
    if (answer._tag === 'Right') sendJson(response, 200, { seq: answer.right.seq });
    else sendJson(response, 409, { refused: answer.left.reason });
  }

  async #fork(response: ServerResponse, runId: string, wish: unknown): Promise<void> {
    const { seq, again } = forkOf(wish);
    const { head } = (await this.#feed(runId)).log;
    if (seq > head) return sendJson(response, 409, { refused: `The run has ${head} events so far.` });
    if (this.#forker === undefined)
      return sendJson(response, 409, { refused: 'There is nothing here that could go on with a stored run.' });
    try {
      const run = await this.#forker.fork(runId, { atSeq: seq, again });
      this.#book.add(run);
      sendJson(response, 200, { runId: run.runId });
    } catch (error) {
      sendJson(response, 409, { refused: failureOf(error).message });
    }
  }

  async #diff(response: ServerResponse, runId: string, other: string): Promise<void> {
    await this.#feed(runId);
    await this.#feed(other);
    if (this.#forker === undefined) throw new Refusal(409, 'Only stored runs can be compared.');
    try {
      sendJson(response, 200, differenceOf(await this.#forker.diff(runId, other)));
    } catch (error) {
      throw new Refusal(409, failureOf(error).message);
    }
  }
}

/** How a run looks, as JSON. */
const stateOf = ({ state }: RunFeed): string => {
  if (state === undefined) throw new Refusal(409, 'Only a run of this process tells how it looks.');
  return state;
};

const unknownRun = (): Refusal => new Refusal(404, 'There is no such run.');

/** A command as it has to be, before the run hears of it. */
const decoded = (wish: unknown): ExecutorCommand => {
  let found: ReturnType<typeof ExecutorCommand.decode>;
  try {
    found = ExecutorCommand.decode(wish);
  } catch (error) {
    throw new Refusal(400, `The command can't be read: ${failureOf(error).message}`);
  }
  if (found._tag === 'Right') return found.right;
  throw new Refusal(400, `The command is malformed: ${explain(found.left).join('; ')}`);
};

const forkOf = (wish: unknown): { readonly seq: number; readonly again: readonly string[] } => {
  const { seq, again = [], ...more } = Object(wish) as Readonly<Record<string, unknown>>;
  const isList = Array.isArray(again) && again.length <= AGAIN_MAX && again.every((id) => typeof id === 'string');
  if (!Number.isSafeInteger(seq) || (seq as number) < 1 || !isList || Object.keys(more).length > 0)
    throw new Refusal(
      400,
      'A fork takes { seq, again? }: the last event to begin with, and ids of nodes to run again.',
    );
  return { seq: seq as number, again };
};

/** Sends a value as JSON. */
export const sendJson = (
  response: ServerResponse,
  status: number,
  value: unknown,
  more: Readonly<Record<string, string>> = {},
): void => sendText(response, status, [JSON.stringify(value)], more);

const sendText = (
  response: ServerResponse,
  status: number,
  parts: readonly (string | Buffer)[],
  more: Readonly<Record<string, string>> = {},
): void => {
  const length = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  const type = { 'content-type': 'application/json', 'content-length': String(length) };
  response.writeHead(status, { ...headers, ...type, ...more });
  for (const part of parts) response.write(part);
  response.end();
};
