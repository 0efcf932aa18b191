import * as E from '#fp-ts/Either';

/**
 * Why a message is not taken. `Forged`: nobody who has the key signed it; `Malformed`: signed, or not even an envelope, and
 * not in the form of its kind; `TooLarge`: refused before it was read; `Expired`: signed for a time that is over;
 * `Misplaced`: signed for another job, pool or run than the one it was found at; `BlobMissing`: what it refers to is gone.
 */
export interface EnvelopeFault {
  readonly type: 'Forged' | 'Malformed' | 'TooLarge' | 'Expired' | 'Misplaced' | 'BlobMissing';
  /** One sentence, that repeats nothing hostile at length. */
  readonly message: string;
}

export const faulty = (type: EnvelopeFault['type'], message: string): E.Either<EnvelopeFault, never> =>
  E.left({ type, message });
