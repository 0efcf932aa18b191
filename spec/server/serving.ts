import { connect } from 'node:net';
import { ActionRegistry, DagExecutor, action, type DagRun, type ExecutorOptions } from '../../lib/index.js';
import { pageOf, startServer, type ServerOptions, type ViewerServer } from '../../lib/server/index.js';

/** Lets nodes of the action `hold` end, all of them. */
export interface Held {
  readonly executor: DagExecutor;
  readonly run: DagRun;
  release(): void;
}

/** A run of which the first node waits to be released; the others do nothing. */
export const held = (options: Partial<ExecutorOptions> = {}, others = 2, runId = 'held'): Held => {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const registry = new ActionRegistry()
    .register(action('hold', () => gate))
    .register(action('work', async () => 'done'));
  const executor = new DagExecutor({ registry, ...options });
  const nodes = Array.from({ length: others }, (_, i) => ({ id: `n${i}`, action: 'work', deps: ['gate'] }));
  const run = executor.start({ name: 'held', nodes: [{ id: 'gate', action: 'hold' }, ...nodes] }, { runId });
  return { executor, run, release };
};

/** Serves while `use` lasts. */
export const serving = async (
  options: ServerOptions,
  use: (server: ViewerServer, origin: string) => Promise<void>,
): Promise<void> => {
  const server = await startServer({ page: pageOf('<!doctype html><title>spec</title>'), ...options });
  try {
    await use(server, `http://127.0.0.1:${server.port}`);
  } finally {
    await server.close();
  }
};

/** What came back over a plain socket, until it was closed or had an end. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Who says nothing for so long has answered: the server cuts off sooner whomever it does not want. */
const SILENCE_MS = 14_000;

/** Sends bytes as they are, and gives what comes first. */
export const raw = (
  port: number,
  request: string | readonly (string | number)[],
  host = '127.0.0.1',
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    let text = '';
    const isMany = Array.isArray(request) && String(request[0]).includes('keep-alive'); // until it is closed
    const socket = connect(port, host);
    const end = (): void => {
      socket.destroy();
      const [head = '', ...body] = text.split('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), head, body: body.join('\r\n\r\n') });
    };
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const length = /content-length: (\d+)/i.exec(text)?.[1];
      const at = text.indexOf('\r\n\r\n');
      if (!isMany && length !== undefined && at >= 0 && text.length >= at + 4 + Number(length)) end();
    });
    socket.on('close', end);
    socket.setTimeout(SILENCE_MS, end);
    socket.on('error', (error: NodeJS.ErrnoException) =>
      text === '' && error.code !== 'ECONNRESET' ? reject(error) : end(),
    );
    socket.on('connect', () => void send());
    const send = async (): Promise<void> => {
      for (const part of typeof request === 'string' ? [request] : request)
        if (socket.destroyed) return;
        else if (typeof part === 'number') await new Promise((later) => setTimeout(later, part));
        else socket.write(part, 'latin1');
    };
  });

/** A request in text, with what every browser sends; a header given as undefined is left out. */
export const request = (
  port: number,
  line: string,
  headers: Readonly<Record<string, string | undefined>> = {},
  body = '',
): string => {
  const all = { host: `127.0.0.1:${port}`, connection: 'close', ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\r\n`]));
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
};
