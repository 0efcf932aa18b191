import { Fault } from '../../stores/Fault.js';
import type { RedisSource } from '../connection/openRedis.js';
import { checkConnection } from './checkStoreOptions.js';
import { RedisLink } from './RedisLink.js';

/** What is wrong with a Redis for keeping runs and queues, a sentence each, with how to mend it. */
export interface RedisFindings {
  /** Runs could get lost without anybody noticing, or nothing works at all. */
  readonly errors: readonly string[];
  /** What may be lost in a crash, and what could not be seen. */
  readonly warnings: readonly string[];
}

const VERSION_MIN = [6, 2];

/** Asks a Redis whether runs are safe with it: its version, what it throws away when it is full, and what it writes to disk. */
export const checkRedis = async (connection: RedisSource): Promise<RedisFindings> => {
  checkConnection(connection);
  const link = new RedisLink(connection);
  const errors: string[] = [];
  const warnings: string[] = [];
  try {
    const info = await asked(link, 'INFO', 'maxmemory-policy is noeviction and appendonly is yes', async () =>
      infoIn(await link.call((client) => client.info())),
    );
    if (typeof info === 'string') warnings.push(info);
    else {
      errors.push(...versionErrors(info), ...policyErrors(info.get('maxmemory_policy')));
      if (info.get('role') === 'slave')
        errors.push(`Redis at ${link.place} is a replica, which can't be written; give the address of its master.`);
      if (info.get('aof_enabled') === '0')
        warnings.push(
          'Redis writes no append-only file: a crash takes all that was stored since its last snapshot, if it makes any; set appendonly to yes.',
        );
      else if (info.get('aof_last_write_status') === 'err')
        errors.push('Redis could not write its append-only file last; look whether its disk is full.');
    }
    if (typeof info !== 'string' && info.get('aof_enabled') === '1') {
      const fsync = await asked(
        link,
        'CONFIG',
        'appendfsync is everysec or always',
        async () => (await link.call((client) => client.config('GET', 'appendfsync'))) as readonly string[],
      );
      if (typeof fsync === 'string') warnings.push(fsync);
      else if (fsync[1] === 'no')
        warnings.push(
          'Redis leaves it to the system when its append-only file reaches the disk: a power cut may take half a minute; set appendfsync to everysec or always.',
        );
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    errors.push(error.message);
  } finally {
    link.close();
  }
  return { errors, warnings };
};

/** What was asked, or that it may not be. */
const asked = async <A>(
  link: RedisLink,
  command: string,
  wanted: string,
  ask: () => Promise<A>,
): Promise<A | string> => {
  try {
    return await ask();
  } catch (error) {
    const { message } = error as Error;
    if (!/NOPERM|unknown command/.test(message)) throw error;
    return `Redis at ${link.place} does not let its settings be seen (${command}); see to it that ${wanted}.`;
  }
};

const infoIn = (text: string): ReadonlyMap<string, string> =>
  new Map(Array.from(text.matchAll(/^([\w-]+):(.*?)\r?$/gm), ([, name, value]) => [name!, value!]));

/** Valkey and others tell the version of Redis that they can stand for. */
const versionErrors = (info: ReadonlyMap<string, string>): readonly string[] => {
  const version = info.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > VERSION_MIN[0]! || (major === VERSION_MIN[0] && minor >= VERSION_MIN[1]!)
    ? []
    : [`Redis is of version ${version || 'unknown'}; use ${VERSION_MIN.join('.')} or later, or Valkey.`];
};

const policyErrors = (policy: string | undefined): readonly string[] =>
  policy === undefined || policy === 'noeviction'
    ? []
    : [`Redis throws keys away when its memory is full (maxmemory-policy is ${policy}); set it to noeviction.`];
