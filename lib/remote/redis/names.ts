/** Half of a surrogate pair: with the u flag it matches only where the other half is missing. */
const LONE = /[\ud800-\udfff]/u;

/** Any text as part of a key: without colons, braces and spaces, and the same again by `decodeName`. */
export const encodeName = (name: string): string =>
  LONE.test(name) ? Array.from(name, encodeCharacter).join('') : encodeURIComponent(name);

/** Throws a `URIError` for what `encodeName` gives for no name. */
export const decodeName = (text: string): string =>
  text
    .split(/%u([\da-f]{4})/)
    .map((part, i) => (i % 2 === 1 ? String.fromCharCode(parseInt(part, 16)) : decodeURIComponent(part)))
    .join('');

const encodeCharacter = (character: string): string =>
  LONE.test(character) ? `%u${character.charCodeAt(0).toString(16)}` : encodeURIComponent(character);
