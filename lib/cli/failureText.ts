import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Failure } from '../index.js';

/** What went wrong, in words, with the kind of a programming mistake and the place of it in the user's own code. */
export const failureText = ({ name, message, stack }: Failure): string => {
  const isMistake = MISTAKES.includes(name) && !message.startsWith('Reference "');
  const place = stack === undefined ? undefined : placeIn(stack);
  return `${isMistake ? `${name}: ` : ''}${message}${place === undefined ? '' : ` (${place})`}`;
};

const MISTAKES = ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError', 'URIError'];

const ours = fileURLToPath(new URL('../', import.meta.url));

/** The first place that is neither Node's, nor a package's, nor ours. */
const placeIn = (stack: string): string | undefined => {
  for (const line of stack.split('\n').slice(0, 20)) {
    const [, file, position] = /[\s(]((?:file:\/\/)?\/\S+?)(:\d+:\d+)\)?$/.exec(line) ?? [];
    if (file === undefined || file.includes('/node_modules/')) continue;
    const path = file.startsWith('file:') ? pathOf(file) : file;
    if (path === undefined || path.startsWith(ours)) continue;
    const near = relative(process.cwd(), path);
    return (near.startsWith('..') ? path : near) + position!;
  }
  return undefined;
};

const pathOf = (url: string): string | undefined => {
  try {
    return fileURLToPath(url.replace(/[?#].*$/, ''));
  } catch {
    return undefined;
  }
};
