import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { DagError } from '../index.js';

/** What whoever holds a token may do: all, or only look. */
export type Role = 'full' | 'reader';

/** The secrets of a server. That of a reader begins with `r-`, so that a page knows what it may offer. */
export interface TokenPair {
  readonly full: string;
  readonly reader: string;
}

const LEAST = 32;

const newToken = (): string => randomBytes(32).toString('base64url');

export const newTokens = (): TokenPair => ({ full: `f-${newToken()}`, reader: `r-${newToken()}` });

/** Tells roles by token. Only digests are kept, and comparing takes as long whatever is given. */
export class Tokens {
  readonly #digests: readonly (readonly [Role, Buffer])[];

  /** Throws a `DagError` for a token that could be guessed. Without a full one everybody only looks. */
  constructor({ full, reader }: TokenPair, isReadOnly: boolean) {
    for (const token of [full, reader])
      if (token.length < LEAST || !/^[\w-]+$/.test(token))
        throw new DagError('InvalidOptions', `A token has to have at least ${LEAST} letters, digits, - or _.`);
    this.#digests = [['reader', digest(reader)], ...(isReadOnly ? [] : ([['full', digest(full)]] as const))];
  }

  roleOf(authorization: string | undefined): Role | undefined {
    const given = digest(/^Bearer ([\w-]{1,200})$/i.exec(authorization ?? '')?.[1] ?? '');
    let role: Role | undefined;
    for (const [name, known] of this.#digests) if (timingSafeEqual(given, known)) role = name;
    return role;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
