import { shellWord } from '../formats/shellWord.js';
import type { StoreError } from '../index.js';
import { isRedis } from './openStore.js';

/** A run that a database keeps: how to go on with it from a shell. */
export class KeptRun {
  readonly #runId: string;
  readonly #db: string;
  /** What a command needs to find it, and its workers. */
  readonly #where: string;

  /** @param remote - the Redis whose workers run its nodes. */
  constructor(runId: string, db: string, remote?: string) {
    this.#runId = runId;
    this.#db = withoutPassword(db);
    const far = remote === undefined ? '' : ` --remote ${shellWord(withoutPassword(remote))}`;
    this.#where = `--db ${shellWord(this.#db)}${far}`;
  }

  /** Why a run has ended of which the database keeps no more. */
  broken({ message }: Error, fault: StoreError): string {
    return fault.type === 'Fenced' ? fault.message : message.replace(/^The store\b/, `The database ${this.#db}`);
  }

  get resume(): string {
    return `rxdag resume ${shellWord(this.#runId)} ${this.#where}`;
  }

  answer(nodeId: string): string {
    return `rxdag answer ${shellWord(this.#runId)} ${shellWord(nodeId)} VALUE ${this.#where}`;
  }
}

/** An address of Redis for eyes; a file's name stays as it is. */
const withoutPassword = (place: string): string => {
  if (!isRedis(place) || !URL.canParse(place)) return place;
  const url = new URL(place);
  if (url.password === '') return place;
  url.password = '';
  return url.href;
};
