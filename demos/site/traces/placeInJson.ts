import { LineCounter, isNode, parseDocument } from 'yaml';
import type { WfFormatError } from '../../../lib/formats/wfformat/WfFormatError.js';

/** Of larger texts only the path is told. */
const LENGTH_MAX = 2_000_000;

/** Tells where in a JSON text a path leads, as `:line:column`; where the path ends before, its last part that is there. */
export const placeInJson = (text: string): ((error: WfFormatError) => string) => {
  if (text.length > LENGTH_MAX) return () => '';
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, keepSourceTokens: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `:${line}:${col}`;
  };
  return ({ type, message, path }) => {
    if (type === 'Syntax') {
      const offset = /at position (\d+)/.exec(message)?.[1] ?? document.errors[0]?.pos[0];
      return offset === undefined ? '' : at(Number(offset));
    }
    const keys = path.match(/[^.[\]]+/g) ?? [];
    for (let length = keys.length; length >= 0; length--) {
      const found = document.getIn(
        keys.slice(0, length).map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
        true,
      );
      if (isNode(found) && found.range) return at(found.range[0]);
    }
    return '';
  };
};
