import { fromYaml, showFileError, type FromYaml, type FromYamlOptions } from '../formats/yaml/index.js';
import { printable } from '../model/printable.js';
import { moreErrorsIn } from '../plan/moreErrors.js';
import { readText } from './readText.js';
import { traceIn } from './traceIn.js';
import { UsageError } from './UsageError.js';

/** Reads and proves a pipeline. Throws a `UsageError` that shows every error with its place. */
export const readPipeline = async (path: string, options: Omit<FromYamlOptions, 'file'>): Promise<FromYaml> =>
  provePipeline(await readText(path), path === '-' ? 'standard input' : path, options);

/** Proves a pipeline's text; `file` is what errors call it. Throws as `readPipeline`. */
export const provePipeline = (text: string, file: string, options: Omit<FromYamlOptions, 'file'>): FromYaml => {
  const read = fromYaml(text, { ...options, file });
  if (read._tag === 'Right') return read.right;
  if (traceIn(text) !== undefined)
    throw new UsageError(`${printable(file)} is a trace in WfFormat, not a pipeline; rxdag simulate reads it.`);
  const shown = read.left.filter(({ severity }) => severity === 'error').length;
  const more = moreErrorsIn(read.left.at(-1)?.message ?? '');
  const count = more === 0 ? shown : shown - 1 + more;
  const unknown = read.left.some(({ type }) => type === 'UnknownAction');
  const hint =
    unknown && options.registry?.list().length === 0
      ? '\nNo actions are loaded: --actions MODULE names the module that exports them.'
      : '';
  throw new UsageError(
    `${read.left.map(showFileError).join('\n')}\n${count === 1 ? '1 error' : `${count} errors`} in ${file}.${hint}`,
  );
};
