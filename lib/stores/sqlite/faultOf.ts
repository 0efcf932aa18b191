import { Fault } from '../Fault.js';

/** What a driver's error means to whoever uses the store; any other error, which no waiting mends, as it is. */
export const faultOf = (error: unknown, file: string): Error => {
  if (error instanceof Fault) return error;
  const {
    code = '',
    errcode,
    message: told = String(error),
  } = Object(error) as {
    readonly code?: string;
    readonly errcode?: number;
    readonly message?: string;
  };
  // libsql's words for a file that it can't open are those of its inside.
  const message = told.startsWith('ConnectionFailed(') ? 'unable to open database file' : told;
  // libsql has no names for most extended codes.
  const number = errcode ?? Number(/^UNKNOWN_SQLITE_ERROR_(\d+)$/.exec(code)?.[1]);
  const name = code.startsWith('SQLITE_') ? code : (names[number & 0xff] ?? code);
  if (name.startsWith('SQLITE_NOTADB')) return new Fault('ForeignFile', `The file ${file} is not a database of rxdag.`);
  if (PASSING.some((passing) => name.startsWith(passing)) || /unable to open|locked|busy/i.test(message))
    return new Fault('StoreUnavailable', `The file ${file} can't be used at the moment: ${message}.`);
  // Statements are ours and right: what SQLite still finds wrong is in the file.
  if (name.startsWith('SQLITE_') || name === 'ERR_SQLITE_ERROR')
    return new Fault('JournalCorrupt', `The file ${file} is damaged: ${message}.`);
  return error instanceof Error ? error : new Error(message);
};

const PASSING = [
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_READONLY',
  'SQLITE_IOERR',
  'SQLITE_FULL',
  'SQLITE_CANTOPEN',
  'SQLITE_PERM',
  'SQLITE_PROTOCOL',
  'SQLITE_NOMEM',
  'ENOENT',
  'EACCES',
];

/** SQLite's primary result codes, for drivers that give a number. */
const names: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  24: 'SQLITE_FORMAT',
  26: 'SQLITE_NOTADB',
};
