/** Marks the bytes as ours, and in this order of bytes. */
const MAGIC = 0x31475852;
const ALIGNMENT = 8;

const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

/** Lays arrays one behind the other, each where it can be read in place again. */
export const pack = (...sections: readonly ArrayBufferView[]): Uint8Array => {
  const head = aligned(4 * (2 + sections.length));
  const bytes = new Uint8Array(sections.reduce((size, { byteLength }) => size + aligned(byteLength), head));
  new Uint32Array(bytes.buffer, 0, 2 + sections.length).set([
    MAGIC,
    sections.length,
    ...sections.map(({ byteLength }) => byteLength),
  ]);
  let at = head;
  for (const { buffer, byteOffset, byteLength } of sections) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += aligned(byteLength);
  }
  return bytes;
};

/** The arrays that `pack` was given, as bytes, each at a multiple of 8. Throws a `RangeError` for anything else. */
export const unpack = (given: Uint8Array, count: number): readonly Uint8Array<ArrayBuffer>[] => {
  const bytes =
    given.byteOffset % ALIGNMENT === 0 && given.buffer instanceof ArrayBuffer
      ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
      : Uint8Array.from(given);
  const head = aligned(4 * (2 + count));
  if (bytes.byteLength < head) throw new RangeError('too short');
  const [magic, sections, ...lengths] = new Uint32Array(bytes.buffer, bytes.byteOffset, 2 + count);
  if (magic !== MAGIC || sections !== count) throw new RangeError('not packed here');
  let at = head;
  return lengths.map((length) => {
    if (at + length > bytes.byteLength) throw new RangeError('too short');
    const section = new Uint8Array(bytes.buffer, bytes.byteOffset + at, length);
    at += aligned(length);
    return section;
  });
};

export const asInt32 = (bytes: Uint8Array<ArrayBuffer>): Int32Array<ArrayBuffer> =>
  new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);

export const asFloat64 = (bytes: Uint8Array<ArrayBuffer>): Float64Array<ArrayBuffer> =>
  new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Texts one behind the other, and where each ends. */
export const packTexts = (texts: readonly string[]): { readonly ends: Int32Array; readonly bytes: Uint8Array } => {
  const bytes = encoder.encode(texts.join(''));
  const ends = new Int32Array(texts.length);
  let characters = 0;
  for (let i = 0; i < texts.length; i++) ends[i] = characters += texts[i]!.length;
  if (bytes.byteLength === characters) return { ends, bytes };
  let end = 0;
  for (let i = 0; i < texts.length; i++) ends[i] = end += encoder.encode(texts[i]).byteLength;
  return { ends, bytes };
};

/** All texts at once. */
export const textsIn = (ends: Int32Array, bytes: Uint8Array): readonly string[] => {
  const text = decoder.decode(bytes);
  const isPlain = text.length === bytes.byteLength; // then characters are where bytes are
  return Array.from(ends, (end, i) => (isPlain ? text.slice(i === 0 ? 0 : ends[i - 1], end) : textAt(ends, bytes, i)));
};

export const textAt = (ends: Int32Array, bytes: Uint8Array, i: number): string =>
  decoder.decode(bytes.subarray(i === 0 ? 0 : ends[i - 1], ends[i]));
