import { Refusal } from './Refusal.js';

/** What is asked for below `/api`. */
export type Route =
  | { readonly what: 'runs' }
  | { readonly what: 'events'; readonly runId: string; readonly from: number; readonly to: number }
  | { readonly what: 'stream'; readonly runId: string; readonly from: number }
  | { readonly what: 'state'; readonly runId: string }
  | { readonly what: 'commands' | 'fork'; readonly runId: string }
  | { readonly what: 'diff'; readonly runId: string; readonly other: string };

const RUN_ID_MAX = 1_000;

/** Reads a path and its query; throws a `Refusal` for what is none of ours. */
export const routeOf = ({ path, query }: Target, method: string): Route => {
  const [, runs, id, what, other, ...more] = path.split('/').slice(1);
  const parameters = numbersIn(query, method === 'GET' && id !== undefined ? takes(what) : []);
  if (runs === 'runs' && more.length === 0) {
    if (id === undefined) return needs('GET', method, { what: 'runs' });
    const runId = idIn(id);
    const { from = 1, to = Number.MAX_SAFE_INTEGER } = parameters;
    if (what === 'diff' && other !== undefined) return needs('GET', method, { what, runId, other: idIn(other) });
    if (other === undefined) {
      if (what === 'events') return needs('GET', method, { what, runId, from, to });
      if (what === 'state') return needs('GET', method, { what, runId });
      if (what === 'stream') return needs('GET', method, { what, runId, from });
      if (what === 'commands' || what === 'fork') return needs('POST', method, { what, runId });
    }
  }
  throw new Refusal(404, 'There is nothing here.');
};

/** Where a request goes: its path and its query, as they were sent. */
export interface Target {
  readonly path: string;
  readonly query: string;
}

/** Reads the target of a request; throws a `Refusal` for one that is no path. */
export const targetOf = (url: string): Target => {
  if (!url.startsWith('/') || url.includes('#')) throw new Refusal(400, 'Ask for a path of this server.');
  const at = url.indexOf('?');
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) };
};

const takes = (what: string | undefined): readonly string[] =>
  what === 'events' ? ['from', 'to'] : what === 'stream' ? ['from'] : [];

const needs = (method: 'GET' | 'POST', given: string, route: Route): Route => {
  if (given !== method) throw new Refusal(405, `Only ${method} is taken here.`, { allow: method });
  return route;
};

const idIn = (part: string): string => {
  let id: string;
  try {
    id = decodeURIComponent(part);
  } catch {
    throw new Refusal(400, 'The path is badly encoded.');
  }
  if (id === '' || id.length > RUN_ID_MAX) throw new Refusal(404, 'There is no such run.');
  return id;
};

const numbersIn = (query: string, names: readonly string[]): { readonly from?: number; readonly to?: number } => {
  const found: { from?: number; to?: number } = {};
  if (query === '') return found;
  for (const pair of query.split('&')) {
    const [, name, digits] = /^(from|to)=(\d{1,16})$/.exec(pair) ?? [];
    const value = Number(digits);
    if (name === undefined || !names.includes(name) || name in found || value < 1 || !Number.isSafeInteger(value))
      throw new Refusal(
        400,
        names.length === 0 ? 'Nothing is taken behind a ?.' : `Take only ${names.join(' and ')}: whole numbers from 1.`,
      );
    found[name as 'from' | 'to'] = value;
  }
  return found;
};
