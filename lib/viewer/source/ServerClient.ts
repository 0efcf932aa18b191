import { parsed } from './decodeMessage.js';

/** Where a run is served, and what opens it. */
export interface ServerAddress {
  /** Of the server, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly runId: string;
  readonly token: string;
}

/** An answer that is no success, or no answer at all (status 0). */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  /** Whether asking again will not help. */
  get isFinal(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429;
  }
}

/** Asks a server about one run. */
export class ServerClient {
  readonly #base: string;
  readonly #token: string;

  /** Without a run it asks for what the server has of all. */
  constructor({ url, runId, token }: Omit<ServerAddress, 'runId'> & Partial<ServerAddress>) {
    this.#base = `${new URL(url).origin}/api/runs${runId === undefined ? '' : `/${encodeURIComponent(runId)}/`}`;
    this.#token = token;
  }

  /** Rejects with `NoAnswer`, unless it was `signal` that ended it. */
  async get(path: string, signal?: AbortSignal): Promise<Response> {
    const answer = await this.#fetch(path, signal === undefined ? {} : { signal });
    if (answer.ok) return answer;
    throw new NoAnswer(answer.status, await reasonIn(answer));
  }

  /** What a command came to: its answer, or why it was refused. */
  async post<A>(
    path: string,
    body: unknown,
    read: (answer: unknown) => A | undefined,
  ): Promise<A | { readonly refused: string }> {
    try {
      const json = { 'content-type': 'application/json' };
      const answer = await this.#fetch(path, { method: 'POST', headers: json, body: JSON.stringify(body) });
      if (!answer.ok) return { refused: await reasonIn(answer) };
      return read(parsed(await answer.text())) ?? { refused: 'The server gave an answer that can not be read.' };
    } catch (error) {
      return { refused: (error as Error).message };
    }
  }

  async #fetch(path: string, { headers, ...more }: RequestInit): Promise<Response> {
    try {
      return await fetch(this.#base + path, {
        ...more,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        headers: { ...(headers as Record<string, string>), authorization: `Bearer ${this.#token}` },
      });
    } catch (error) {
      if (more.signal?.aborted === true) throw error;
      throw new NoAnswer(0, 'The server can not be reached.');
    }
  }
}

const reasonIn = async (answer: Response): Promise<string> => {
  const { error, refused } = Object(parsed(await answer.text())) as Readonly<Record<string, unknown>>;
  const reason = refused ?? error;
  return typeof reason === 'string' ? reason : `The server answered with ${answer.status}.`;
};
