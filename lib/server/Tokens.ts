import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { DagError } from '../index.js';

/** What whoever holds a token may do: all, or only look. */
export type Role = 'full' | 'reader';

/** The secrets of a server. That of a reader begins with `r-`, so that a page knows what it may offer. */
export interface TokenPair {
  readonly full: string;
  readonly reader: string;
}

const LEAST = 32;
/** Of longer ones no request can have a header, nor an address be followed. */
const MOST = 200;
const WORD = /^[\w-]+$/;
const READER = 'r-';

const newToken = (): string => randomBytes(32).toString('base64url');

export const newTokens = (): TokenPair => ({ full: `f-${newToken()}`, reader: `${READER}${newToken()}` });

/** The same secrets each time: that of a reader follows from the full one, and tells nothing of it. */
export const tokensFrom = (full: string): TokenPair => ({
  full,
  reader: `${READER}${createHmac('sha256', full).update('rxdag reader').digest('base64url')}`,
});

/** Whether a server takes it for a full one: it can't be guessed, and a page does not take it for a reader's. */
export const isFullToken = (token: string): boolean =>
  token.length >= LEAST && token.length <= MOST && WORD.test(token) && !token.startsWith(READER);

/** Tells roles by token. Only digests are kept, and comparing takes as long whatever is given. */
export class Tokens {
  readonly #digests: readonly (readonly [Role, Buffer])[];

  /** Throws a `DagError` for a token that could be guessed. Without a full one everybody only looks. */
  constructor({ full, reader }: TokenPair, isReadOnly: boolean) {
    for (const token of [full, reader])
      if (token.length < LEAST || !WORD.test(token))
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
