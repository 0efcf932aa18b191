import { fromWfFormat, showWfFormatError } from '../formats/wfformat/index.js';
import { showFileError } from '../formats/yaml/index.js';
import type { Plan } from '../index.js';
import { counted } from './eventLine.js';
import { provePipeline } from './readPipeline.js';
import { readText } from './readText.js';
import { traceIn } from './traceIn.js';
import { UsageError } from './UsageError.js';

/** Traces of ten thousand tasks name many files. */
const BYTES_MAX = 200_000_000;

/**
 * Reads a pipeline, or a trace in WfFormat: JSON with a `workflow` or a `schemaVersion`. Throws a `UsageError` that shows
 * every error with its place.
 */
export const readWorkload = async (
  path: string,
): Promise<{ readonly plan: Plan; readonly warnings: readonly string[] }> => {
  const file = path === '-' ? 'standard input' : path;
  const text = await readText(path, BYTES_MAX);
  const trace = traceIn(text);
  if (trace === undefined) {
    const { plan, warnings } = provePipeline(text, file, {});
    return { plan, warnings: warnings.map(showFileError) };
  }
  const read = fromWfFormat(trace, { file });
  if (read._tag === 'Right') return { plan: read.right.plan, warnings: [] };
  throw new UsageError(
    `${read.left.map(showWfFormatError).join('\n')}\n${counted(read.left.length, 'error')} in ${file}.`,
  );
};
