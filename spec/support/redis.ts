import { Redis } from 'ioredis';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'uvu';
import { proxyTo, type TcpProxy } from './proxy.js';
import { skip } from './skip.js';

/** Where the server is looked for; `REDIS_SERVER` names another place. */
const places = [
  process.env['REDIS_SERVER'] ?? '',
  '/usr/bin/redis-server',
  '/usr/local/bin/redis-server',
  '/opt/homebrew/bin/redis-server',
  '/usr/bin/valkey-server',
];
export const redisPath = places.find((place) => place !== '' && existsSync(place));

/** Why what needs Redis is skipped. */
export const noRedis = 'there is no Redis (apt-get install redis-server)';

const START_MS_MAX = 20_000;

/** Settings of redis.conf, by name: `{ appendonly: 'yes', appendfsync: 'always' }`. */
export type RedisConf = Readonly<Record<string, string>>;

/**
 * By default a kill takes nothing that was acknowledged. With `appendfsync: everysec`, which most servers have, it may take up
 * to two seconds, as a write waits for a sync that is under way.
 */
const CONF: RedisConf = {
  save: '',
  appendonly: 'yes',
  appendfsync: 'always',
  'maxmemory-policy': 'noeviction',
  'auto-aof-rewrite-percentage': '0',
  daemonize: 'no',
  bind: '127.0.0.1',
};

/**
 * Waits for the end of whoever has started it, however that comes, and takes the server and its folder with it. It kills
 * nothing but a server whose number stands in that folder.
 */
const GUARD = `cat > /dev/null
pid=$(cat "$0/redis.pid" 2> /dev/null) && case "$(ps -p "$pid" -o args=)" in *redis*|*valkey*) kill -9 "$pid" ;; esac
rm -rf "$0"`;

/** A server in a process of its own and a folder of its own; both are gone when this process is, however it ends. */
export class RedisServer {
  readonly port: number;
  readonly folder: string;
  readonly #conf: RedisConf;
  #process: ChildProcess | undefined;
  readonly #closing: (() => void)[] = [];

  private constructor(port: number, conf: RedisConf) {
    this.port = port;
    this.#conf = { ...CONF, ...conf };
    this.folder = mkdtempSync(join(tmpdir(), 'rxdag-redis-'));
    servers.add(this);
    // In a group of its own: who kills a spec with all that it has started leaves the guard to its work.
    const guard = spawn('sh', ['-c', GUARD, this.folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    guard.unref();
    (guard.stdin as Socket).unref();
    this.#closing.push(() => guard.stdin.end());
  }

  static async start(conf: RedisConf = {}): Promise<RedisServer> {
    for (let tries = 1; ; tries++) {
      const server = new RedisServer(await freePort(), conf);
      try {
        await server.start();
        return server;
      } catch (error) {
        await server.close();
        if (tries === 3) throw error; // else somebody else may have taken the port
      }
    }
  }

  get #pidFile(): string {
    return join(this.folder, 'redis.pid');
  }

  get #password(): string {
    return this.#conf['requirepass'] ?? '';
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** A connection for the spec itself, which waits for as long as the server is away; it is let go of with the server. */
  client(): Redis {
    const client = new Redis(this.port, '127.0.0.1', {
      password: this.#password,
      maxRetriesPerRequest: null,
      retryStrategy: () => 50,
    });
    client.on('error', () => undefined);
    this.#closing.push(() => client.disconnect());
    return client;
  }

  /** A way to the server that can be cut, slowed down and blocked; it ends with the server. */
  async proxy(): Promise<TcpProxy> {
    const proxy = await proxyTo(this.port);
    this.#closing.push(() => proxy.close());
    return proxy;
  }

  /** Starts it, again on the same port and with what it has kept. */
  async start(): Promise<void> {
    const settings = Object.entries({
      ...this.#conf,
      port: String(this.port),
      dir: this.folder,
      pidfile: this.#pidFile,
    });
    const child = spawn(
      redisPath!,
      settings.flatMap(([name, value]) => [`--${name}`, value]),
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-2_000)));
    this.#process = child;
    const started = Date.now();
    while (!(await answers(this.port, this.#password))) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() - started > START_MS_MAX)
        throw new Error(`redis-server did not start: ${text}`);
      await sleep(10);
    }
  }

  /** Ends it as hard as can be (or as told); what it has acknowledged and not yet written is still the system's. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
    rmSync(this.#pidFile, { force: true });
  }

  /** Kills it, and starts it again after `awayMs`. */
  async restart(awayMs = 0): Promise<void> {
    await this.kill();
    await sleep(awayMs);
    await this.start();
  }

  /** Stops it where it stands: connections stay, nothing is answered. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Takes the last bytes off the append-only file of a server that was killed, as a power cut would. Gives its new size. */
  cutTail(bytes: number): number {
    const file = this.#appendOnlyFile();
    const size = Math.max(0, statSync(file).size - bytes);
    truncateSync(file, size);
    return size;
  }

  /** The size of the append-only file. */
  get tail(): number {
    return statSync(this.#appendOnlyFile()).size;
  }

  /** Ends it and all that was opened by it, and removes its folder. */
  async close(): Promise<void> {
    for (const close of this.#closing.splice(0)) close();
    await this.kill();
    this.destroy();
  }

  /** The same at once, for a process that ends. */
  destroy(): void {
    this.#process?.kill('SIGKILL');
    servers.delete(this);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #appendOnlyFile(): string {
    const parts = join(this.folder, 'appendonlydir');
    if (!existsSync(parts)) return join(this.folder, 'appendonly.aof'); // before Redis 7
    const numberOf = (name: string): number => Number(/\.(\d+)\.incr\.aof$/.exec(name)?.[1] ?? 0);
    const [last] = readdirSync(parts).sort((a, b) => numberOf(b) - numberOf(a));
    return join(parts, last!);
  }
}

/** Adds a test that needs a server of its own; where there is none to start it is skipped, in a line that says so. */
export const redisTest = (
  test: Test,
  name: string,
  run: (server: RedisServer) => Promise<void>,
  conf: RedisConf = {},
): void => {
  if (redisPath === undefined) return skip(test, name, noRedis);
  test(name, async () => {
    const server = await RedisServer.start(conf);
    try {
      await run(server);
    } finally {
      await server.close();
    }
  });
};

const servers = new Set<RedisServer>();
process.once('exit', () => servers.forEach((server) => server.destroy()));

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const listener = createServer().once('error', reject);
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address() as AddressInfo;
      listener.close(() => resolve(port));
    });
  });

/** Whether a server there answers, and has read what it keeps. */
const answers = async (port: number, password: string): Promise<boolean> => {
  const client = new Redis(port, '127.0.0.1', {
    password,
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 1_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
};
