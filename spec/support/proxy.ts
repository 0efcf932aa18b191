import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Which bytes are held up: what goes to the server, what comes from it, both or neither. */
export type Held = 'requests' | 'replies' | 'both' | 'nothing';

/** A way to a TCP server on this machine that can be cut, slowed down and blocked. */
export interface TcpProxy {
  readonly port: number;
  readonly url: string;
  /** How many connections go through it. */
  readonly count: number;
  /** Breaks all connections; new ones are let through. */
  cut(): void;
  /** Lets each chunk of bytes wait so long, in each direction. @default 0 */
  delay(ms: number): void;
  /** Holds bytes up until told otherwise, while connections stay open: what a network without routes does. */
  hold(what: Held): void;
  /** Breaks all connections and takes no new ones, until told otherwise. */
  refuse(isRefusing: boolean): void;
  close(): void;
}

/** Opens a way to a port of this machine. The URL is that of a Redis. */
export const proxyTo = (target: number): Promise<TcpProxy> =>
  new Promise((resolve, reject) => {
    const pairs = new Set<Pair>();
    let delayMs = 0;
    let held: Held = 'nothing';
    let isRefusing = false;
    const listener = createServer((near) => {
      if (isRefusing) return void near.resetAndDestroy();
      const pair = new Pair(near, connect(target, '127.0.0.1'), () => delayMs);
      pair.hold(held);
      pairs.add(pair);
      pair.closed = () => pairs.delete(pair);
    });
    const cut = (): void => pairs.forEach((pair) => pair.cut());
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address() as AddressInfo;
      resolve({
        port,
        url: `redis://127.0.0.1:${port}`,
        get count() {
          return pairs.size;
        },
        cut,
        delay: (ms) => void (delayMs = ms),
        hold: (what) => {
          held = what;
          for (const pair of pairs) pair.hold(what);
        },
        refuse: (now) => {
          isRefusing = now;
          if (now) cut();
        },
        close: () => {
          listener.close();
          cut();
        },
      });
    });
  });

/** Two sockets, each of which gets what the other one hears. */
class Pair {
  closed: () => void = () => undefined;
  readonly #sockets: readonly [near: Socket, far: Socket];
  readonly #ways: readonly [requests: Way, replies: Way];

  constructor(near: Socket, far: Socket, delayMs: () => number) {
    this.#sockets = [near, far];
    this.#ways = [new Way(near, far, delayMs), new Way(far, near, delayMs)];
    for (const socket of this.#sockets) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => this.cut());
    }
  }

  hold(what: Held): void {
    const [requests, replies] = this.#ways;
    requests.hold(what === 'both' || what === 'requests');
    replies.hold(what === 'both' || what === 'replies');
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.closed();
  }
}

/** One direction: chunks in their order, each after its delay. */
class Way {
  #isHeld = false;
  #chunks: { readonly bytes: Buffer; isDue: boolean }[] = [];
  readonly #to: Socket;

  constructor(from: Socket, to: Socket, delayMs: () => number) {
    this.#to = to;
    from.on('data', (bytes: Buffer) => {
      const chunk = { bytes, isDue: false };
      this.#chunks.push(chunk);
      const due = (): void => {
        chunk.isDue = true;
        this.#flush();
      };
      const ms = delayMs();
      if (ms > 0) setTimeout(due, ms);
      else due();
    });
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#flush();
  }

  #flush(): void {
    while (!this.#isHeld && this.#chunks[0]?.isDue === true) this.#to.write(this.#chunks.shift()!.bytes);
  }
}
