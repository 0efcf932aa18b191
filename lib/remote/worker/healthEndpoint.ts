import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failureOf } from '../../model/Failure.js';
import { wrong } from '../../run/checkOptions.js';

export interface HealthOptions {
  /** @default 0, a port that is free */
  readonly port?: number;
  /** The address to listen at. @default '127.0.0.1', which only this machine reaches */
  readonly host?: string;
}

/** What a worker tells of its health. */
export interface Health {
  /** Whether it takes jobs. */
  readonly isWell: boolean;
  readonly [fact: string]: unknown;
}

export interface HealthEndpoint {
  readonly port: number;
  close(): Promise<void>;
}

const REQUEST_MS = 5_000;
const CONNECTIONS_MAX = 50;

/**
 * Answers `GET /health` with 200 or 503 and JSON, and nothing else. Rejects with a `DagError` where it can't listen.
 */
export const healthEndpoint = (
  { port = 0, host = '127.0.0.1' }: HealthOptions,
  health: () => Health,
): Promise<HealthEndpoint> => {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) =>
    answer(request, response, health),
  );
  server.maxConnections = CONNECTIONS_MAX;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      try {
        wrong(`The health endpoint can't listen at ${host}:${port}: ${error.code ?? failureOf(error).message}.`);
      } catch (fault) {
        reject(fault);
      }
    });
    server.listen(port, host, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      }),
    );
  });
};

const answer = ({ method, url = '' }: IncomingMessage, response: ServerResponse, health: () => Health): void => {
  const [path] = url.split('?');
  if (path !== '/health') return reply(response, 404, { error: 'There is only /health.' });
  if (method !== 'GET') return reply(response, 405, { error: 'There is only GET.' }, { allow: 'GET' });
  const { isWell, ...facts } = health();
  reply(response, isWell ? 200 : 503, facts);
};

const reply = (response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void => {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
    ...headers,
  });
  response.end(`${JSON.stringify(body)}\n`);
};
