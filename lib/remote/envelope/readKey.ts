import { readFileSync, statSync } from 'node:fs';
import { printable } from '../../model/printable.js';
import { wrong } from '../../run/checkOptions.js';
import { HOW_TO_MAKE_A_KEY, signingKey, type SigningKey } from './SigningKey.js';

export interface KeySource {
  /** A file that holds the key as a text; it goes before the environment. */
  readonly file?: string;
  /** `RXDAG_KEY` is read from it. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told, in one sentence, of a file that others on this machine may read. */
  readonly warn?: (warning: string) => void;
}

/** A key is a line, not a disk. */
const FILE_BYTES_MAX = 65_536;

/** The deployment's key, from a file or from RXDAG_KEY. Throws a `DagError` where there is none, or none of use. */
export const readKey = ({ file, env = process.env, warn }: KeySource = {}): SigningKey => {
  if (file !== undefined) return signingKey(textOf(file, warn));
  const text = env['RXDAG_KEY']?.trim() ?? '';
  return text === ''
    ? wrong(`Remote jobs are signed, and there is no key in RXDAG_KEY or a key file; ${HOW_TO_MAKE_A_KEY}.`)
    : signingKey(text);
};

const textOf = (file: string, warn: KeySource['warn']): string => {
  const name = printable(file);
  try {
    const { mode, size } = statSync(file);
    if (size > FILE_BYTES_MAX) return wrong(`The key file ${name} has ${size} bytes; ${HOW_TO_MAKE_A_KEY}.`);
    if ((mode & 0o077) !== 0 && process.platform !== 'win32')
      warn?.(`The key file ${name} is open to others on this machine; close it with: chmod 600 ${name}.`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return wrong(`The key file ${name} can't be read (${code}).`);
  }
};
