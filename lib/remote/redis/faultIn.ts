import { Fault } from '../../stores/Fault.js';

/** How an error of Redis, or of the way to it, is to be taken. */
export type Meaning =
  /** It may be gone in a moment. */
  | 'passing'
  /** Only somebody who looks after the server can mend it, and may do so while others wait. */
  | 'unavailable'
  /** A key holds what is not ours. */
  | 'foreign'
  /** No waiting mends it. */
  | 'final';

/** What an error of ioredis means. */
export const meaningOf = (error: unknown): Meaning => {
  const { name = '', code = '', message = '' } = Object(error) as Partial<Error> & { readonly code?: string };
  if (name === 'ReplyError')
    // In scripts, old servers put the error of a command behind a dash into a sentence of their own.
    return /(?:^|-)WRONGTYPE\b/.test(message)
      ? 'foreign'
      : PASSING.test(message)
        ? 'passing'
        : UNAVAILABLE.test(message)
          ? 'unavailable'
          : 'final';
  return AWAY.test(name) || AWAY.test(message) || /^(?:E[A-Z_]+|UND_ERR\w*|CERT_\w+|ERR_TLS\w*)$/.test(code)
    ? 'passing'
    : 'final';
};

const PASSING = /(?:^|-)(?:LOADING|BUSY|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)\b|max number of clients/;
const UNAVAILABLE =
  /(?:^|-)(?:OOM|MISCONF|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM|DENIED|MOVED|ASK)\b|\bAUTH\b|invalid password/;
const AWAY =
  /MaxRetriesPerRequestError|ClusterAllFailedError|isn't ready|AbortError|Connection is closed|Stream isn't writeable|timed out|ETIMEDOUT|Ready check failed|sentinels/i;

/** The fault of a Redis that can't be used, in one sentence. */
export const unavailable = (place: string, why: unknown): Fault =>
  new Fault('StoreUnavailable', `Redis at ${place} can't be used at the moment: ${reasonIn(why)}.`);

/** The message of an error without its end; of several errors at once (one per address of a host), of the first. */
const reasonIn = (error: unknown): string => {
  const { message, errors, code } = Object(error) as {
    readonly message?: string;
    readonly errors?: readonly unknown[];
    readonly code?: string;
  };
  if (typeof message === 'string' && message !== '') return message.replace(/[.\s]+$/, '');
  return errors?.[0] === undefined ? (code ?? String(error)) : reasonIn(errors[0]);
};
