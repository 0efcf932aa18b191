import { startServer, type ServerOptions, type ViewerServer } from '../server/index.js';
import { printable } from '../model/printable.js';
import { ownTokens } from './ownTokens.js';
import { UsageError } from './UsageError.js';

/** Begins to serve, with the token that the environment has, if so. Throws a `UsageError` where it can't be listened. */
export const openServer = async (options: ServerOptions): Promise<ViewerServer> => {
  const tokens = ownTokens();
  try {
    return await startServer({ ...options, ...(tokens && { tokens }) });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const { host = '127.0.0.1', port = 0 } = options;
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: `Port ${port} is in use already; give another --port, or none for one that is free.`,
      EACCES: `Port ${port} may not be used by you; give another --port, from 1024, or none for one that is free.`,
      EADDRNOTAVAIL: `This machine has no address ${printable(host)}; give another --host.`,
      ENOTFOUND: `There is no host ${printable(host)}; give another --host.`,
    };
    throw reasons[code] === undefined ? error : new UsageError(reasons[code]);
  }
};

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Until somebody ends the process, by Ctrl-C for one. */
export const untilSignal = (): Promise<void> =>
  new Promise((resolve) => {
    const stay = setInterval(() => undefined, 60_000);
    const end = (): void => {
      clearInterval(stay);
      for (const signal of SIGNALS) process.off(signal, end);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, end);
  });
