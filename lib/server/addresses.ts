import type { Server } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];
const ANY = ['0.0.0.0', '::'];
const TRIES = 10;

/** Whether only this machine reaches such a host. */
export const isLoopback = (host: string | undefined): boolean =>
  host === undefined || LOOPBACK.includes(host.toLowerCase()) || (isIPv4(host) && host.startsWith('127.'));

/** A host, or the address that it led to where it is one in a spelling that browsers rewrite, like `0` or `127.1`. */
export const plainHost = (host: string | undefined, address: string): string | undefined =>
  host !== undefined && /(^|\.)(\d+|0x[\da-f]*)$/i.test(host) && !isIPv4(host) ? address : host;

/** How a browser names what listens there. */
export const originOf = (host: string | undefined, port: number): string =>
  `http://${host === undefined || ANY.includes(host) ? LOOPBACK[0] : bracketed(host)}:${port}`;

/** Every name, with its port, by which a server may be called. */
export const hostsOf = (host: string | undefined, port: number): ReadonlySet<string> => {
  const own = host === undefined ? [] : [host];
  const all = Object.values(networkInterfaces()).flatMap((list = []) => list.map(({ address }) => address));
  const names = [...LOOPBACK, ...own, ...(own.some((name) => ANY.includes(name)) ? [...all, hostname()] : [])];
  const hosts = names.map((name) => bracketed(name).toLowerCase());
  return new Set(hosts.flatMap((name) => (port === 80 ? [`${name}:80`, name] : [`${name}:${port}`])));
};

const bracketed = (host: string): string => (isIPv6(host) ? `[${host}]` : host);

/** Listens at a host or, without one, at both loopback addresses and the same port, where the machine has both. */
export const listenAt = async (
  host: string | undefined,
  port: number,
  make: () => Server,
): Promise<readonly [Server, ...Server[]]> => {
  if (host !== undefined) return [await listen(make(), port, host)];
  for (let left = TRIES; ; left--) {
    const first = await listen(make(), port, LOOPBACK[0]!);
    try {
      return [first, await listen(make(), (first.address() as { port: number }).port, LOOPBACK[1]!)];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return [first]; // there is no IPv6 here
      await new Promise((closed) => first.close(closed));
      if (port !== 0 || left === 0) throw error;
    }
  }
};

const listen = (server: Server, port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
