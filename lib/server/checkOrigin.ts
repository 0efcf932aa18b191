import type { IncomingMessage } from 'node:http';
import { Refusal } from './Refusal.js';

/**
 * Refuses whatever comes from another page than ours. A name that leads here is not enough (DNS rebinding): the host has
 * to be one of ours, port and all. Only a person may come to `/` from elsewhere, by a link.
 */
export const checkOrigin = (request: IncomingMessage, path: string, hosts: ReadonlySet<string>): void => {
  const { headers, headersDistinct, method } = request;
  const host = headers.host?.toLowerCase();
  if (host === undefined || headersDistinct['host']?.length !== 1 || !hosts.has(host))
    throw new Refusal(403, 'This server does not answer to that host.');
  const { origin } = headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host}`)
    throw new Refusal(403, 'This server does not answer to pages of another origin.');
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin') return; // none: no browser, which has to know the token all the same
  const isVisit =
    path === '/' &&
    method === 'GET' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document';
  if (!isVisit) throw new Refusal(403, 'This server answers to its own page only.');
};
