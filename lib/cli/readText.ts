import { open } from 'node:fs/promises';
import { printable } from '../model/printable.js';
import { UsageError } from './UsageError.js';

const CHUNK_BYTES = 65_536;

/** Reads a text file, or standard input for `-`; never more than `maxBytes`. Throws a `UsageError` where it can't. */
export const readText = async (path: string, maxBytes = 10_000_000): Promise<string> => {
  const name = path === '-' ? 'Standard input' : `The file ${printable(path) || '""'}`;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const source = path === '-' ? process.stdin : (await open(path)).createReadStream({ highWaterMark: CHUNK_BYTES });
    for await (const chunk of source) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > maxBytes) throw new UsageError(`${name} has more than ${maxBytes.toLocaleString('en-US')} bytes.`);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${name} ${reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? `can't be read: ${printable((error as Error).message)}`}.`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new UsageError(`${name} is not text in UTF-8.`);
  }
};

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder; name a file in it',
  EACCES: 'may not be read by this user',
};
