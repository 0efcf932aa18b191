import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** No browser asks ahead at all. */
const WAITING = 16;

/** Requests of one connection, each begun once the answer to the one before has gone out: who does not read is not worked for. */
export class Turns {
  readonly #waiting = new WeakMap<Socket, (() => void)[]>();

  /** Whether something is being answered on a connection. */
  isTaken(socket: Socket): boolean {
    return this.#waiting.has(socket);
  }

  take({ socket }: IncomingMessage, response: ServerResponse, begin: () => void): void {
    response.on('close', () => {
      const next = this.#waiting.get(socket)?.shift();
      if (next === undefined || socket.destroyed) this.#waiting.delete(socket);
      else next();
    });
    const waiting = this.#waiting.get(socket);
    if (waiting === undefined) {
      this.#waiting.set(socket, []);
      begin();
    } else if (waiting.length < WAITING) waiting.push(begin);
    else socket.destroy();
  }
}
