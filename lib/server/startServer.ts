import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DagRun, EventStore } from '../index.js';
import { Api, sendJson, type Forker } from './Api.js';
import { checkOrigin } from './checkOrigin.js';
import { encodedFor } from './encodedFor.js';
import { headers } from './headers.js';
import { hostsOf, isLoopback, listenAt, originOf, plainHost } from './addresses.js';
import { readPage, type Page } from './Page.js';
import type { Encode } from './encodedParts.js';
import { storeFaultOf } from '../stores/storeFaultOf.js';
import { Refusal } from './Refusal.js';
import { targetOf } from './Route.js';
import { RunBook } from './RunBook.js';
import { newTokens, Tokens, type TokenPair } from './Tokens.js';
import { Turns } from './Turns.js';

export interface ServerOptions {
  /** Runs of this process. More may be added later. */
  readonly runs?: Iterable<DagRun>;
  /** Whose runs are shown as well, whoever writes them. */
  readonly store?: EventStore;
  /** What forks and compares runs. @default none: both are refused */
  readonly executor?: Forker;
  /** Any other than the loopback is reachable by others: `warn` is told. @default '127.0.0.1', and '::1' beside it */
  readonly host?: string;
  /** @default 0: one that is free */
  readonly port?: number;
  /** What is handed out besides data. @default what was built into the folder viewer/page beside this one */
  readonly page?: Page;
  /** Nobody may change anything. @default false */
  readonly isReadOnly?: boolean;
  /** The secrets, where they have to outlast the server. @default new ones */
  readonly tokens?: TokenPair;
  readonly warn?: (text: string) => void;
  /** How events become JSON. @default JSON.stringify */
  readonly encode?: Encode;
}

/** A server that shows runs to whoever has been given its address. */
export interface ViewerServer {
  readonly port: number;
  readonly tokens: TokenPair;
  /** The address of the page, with what opens it, for a person to follow; of one run where that is named. */
  url(runId?: string): string;
  /** The same for somebody who is only to look. */
  readerUrl(runId?: string): string;
  /** Shows one more run of this process; gives how to take it away again. */
  add(run: DagRun): () => void;
  /** Ends it. Viewers who still read get at most so long to come to an end. @default 0 */
  close(patienceMs?: number): Promise<void>;
}

const BEAT_MS = 5_000;
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;
const CHECK_MS = 1_000;
const HEADERS_MAX = 50;
const HEADER_BYTES = 16_384;
const CONNECTIONS = 256;
/** An answer of which nothing more is read for so long, or twice that, is given up. */
const STALLED_MS = 15_000;
/** So long a refusal has to get through before the connection is gone. */
const REFUSED_MS = 1_000;
/** Without a request for so long nobody reads on. */
const IDLE_MS = 250;

/** Serves runs, and the page that shows them, to this machine alone. Rejects where it can't listen. */
export const startServer = async (options: ServerOptions = {}): Promise<ViewerServer> => {
  const { isReadOnly = false, tokens = newTokens(), encode = JSON.stringify } = options;
  const roles = new Tokens(tokens, isReadOnly);
  const page = options.page ?? readPage(fileURLToPath(new URL('../viewer/page', import.meta.url)));
  const book = new RunBook(options.store, encode);
  const api = new Api(book, isReadOnly ? undefined : options.executor);
  for (const run of options.runs ?? []) book.add(run);
  let hosts: ReadonlySet<string> = new Set();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = targetOf(request.url ?? '');
    checkOrigin(request, target.path, hosts);
    if (request.rawHeaders.length > HEADERS_MAX * 2)
      throw new Refusal(431, `A request may have ${HEADERS_MAX} headers.`, { connection: 'close' });
    if (request.method !== 'GET' && request.method !== 'POST')
      throw new Refusal(405, 'Only GET and POST are taken.', { allow: 'GET, POST' });
    if (target.path === '/api' || target.path.startsWith('/api/')) {
      const role = roles.roleOf(request.headers.authorization);
      if (role === undefined)
        throw new Refusal(
          401,
          'This address does not open this server, which may have been started anew: follow the one that it printed when it began.',
          {
            'www-authenticate': 'Bearer',
          },
        );
      return api.answer(request, response, target, role);
    }
    if (request.method !== 'GET') throw new Refusal(405, 'Only GET is taken here.', { allow: 'GET' });
    const file = page.get(target.path);
    if (file === undefined) throw new Refusal(404, 'There is nothing here.');
    const { coding, body } = encodedFor(file, request.headers['accept-encoding']?.toString());
    response.writeHead(200, {
      ...headers,
      'content-type': file.type,
      'content-length': String(body.length),
      ...(file.packed && { vary: 'accept-encoding' }),
      ...(coding && { 'content-encoding': coding }),
    });
    response.end(body);
  };
  let told: string | undefined;
  const known = (error: unknown): unknown => {
    const fault = storeFaultOf(error);
    if (fault?.type !== 'StoreUnavailable') return error;
    if (fault.message !== told) options.warn?.((told = fault.message));
    return AWAY;
  };
  let open = 0;
  let idleSince = -Infinity;
  const turns = new Turns();
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    response.on('error', () => undefined);
    turns.take(request, response, () => {
      open++;
      response.on('close', () => {
        open--;
        idleSince = performance.now();
      });
      answer(request, response).catch((error: unknown) => refuse(request, response, known(error)));
    });
  };
  const make = (): Server => {
    const server = createServer(
      { maxHeaderSize: HEADER_BYTES, connectionsCheckingInterval: CHECK_MS, requireHostHeader: true },
      handle,
    );
    server.maxHeadersCount = HEADERS_MAX + 1;
    server.maxConnections = CONNECTIONS;
    server.headersTimeout = HEADERS_MS;
    server.requestTimeout = REQUEST_MS;
    server.setTimeout(STALLED_MS, (socket) => {
      if (socket.writableLength > 0 || !turns.isTaken(socket)) socket.destroy(); // else its answer is still being made
    });
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (socket.writable) socket.end(rawRefusal(error.code));
      setTimeout(() => socket.destroy(), REFUSED_MS).unref(); // clients may leave their side open for ever
    });
    return server;
  };

  const servers = await listenAt(options.host, options.port ?? 0, make);
  const { port, address: listening } = servers[0].address() as { readonly port: number; readonly address: string };
  const host = plainHost(options.host, listening);
  hosts = hostsOf(host, port);
  if (!isLoopback(host))
    options.warn?.(
      `Whoever reaches ${host} and has the address with its token can see the runs${isReadOnly ? '' : ' and change them'}; nothing is encrypted.`,
    );
  const beat = setInterval(() => book.beat(), BEAT_MS).unref();
  const origin = originOf(host, port);
  const address = (token: string, runId: string | undefined): string =>
    `${origin}/#token=${token}${runId === undefined ? '' : `&run=${encodeURIComponent(runId)}`}`;
  return {
    port,
    tokens,
    url: (runId) => address(isReadOnly ? tokens.reader : tokens.full, runId),
    readerUrl: (runId) => address(tokens.reader, runId),
    add: (run) => book.add(run),
    close: async (patienceMs = 0) => {
      const until = performance.now() + patienceMs;
      while (performance.now() < until && (open > 0 || performance.now() - idleSince < IDLE_MS))
        await sleep(IDLE_MS / 5);
      clearInterval(beat);
      book.close();
      await Promise.all(
        servers.map((server) => {
          const closed = new Promise((done) => server.close(done));
          server.closeAllConnections();
          return closed;
        }),
      );
    },
  };
};

/** Tells in one sentence why there is no answer; what went wrong inside is nobody's business. */
const refuse = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
  if (response.headersSent) return void response.destroy();
  const { status, message, more } = error instanceof Refusal ? error : INSIDE;
  // What is still to come of the request is not waited for.
  const rest = request.complete ? {} : { connection: 'close' };
  sendJson(response, status, { error: message }, { ...more, ...rest });
};

const INSIDE = new Refusal(500, 'The server could not answer; the store may not be readable.');
const AWAY = new Refusal(503, "The store can't be used: it may be locked, or was removed or replaced.", {
  'retry-after': '5',
});

const RAW: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** For a request that is none. */
const rawRefusal = (code = ''): string => {
  const body = '{"error":"This is no request that can be read."}';
  const lines = Object.entries({ ...headers, 'content-type': 'application/json', 'content-length': body.length });
  return `HTTP/1.1 ${RAW[code] ?? '400 Bad Request'}\r\n${lines.map((line) => `${line.join(': ')}\r\n`).join('')}connection: close\r\n\r\n${body}`;
};
