import type { PageFile } from './Page.js';

/** The form of a file to send to somebody who takes these content codings (`br, gzip;q=0`): the first of the file's own that is taken, or as it is. */
export const encodedFor = (
  { body, packed = {} }: PageFile,
  accepted = '',
): { readonly coding?: string; readonly body: Uint8Array } => {
  const taken = new Set<string>();
  for (const part of accepted.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    if (!parameters.some((text) => /^q=0(?:\.0*)?$/.test(text))) taken.add(name);
  }
  for (const [coding, bytes] of Object.entries(packed)) if (taken.has(coding)) return { coding, body: bytes };
  return { body };
};
