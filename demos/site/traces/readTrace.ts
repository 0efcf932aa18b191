import { fromWfFormat } from '../../../lib/formats/wfformat/fromWfFormat.js';
import { showWfFormatError } from '../../../lib/formats/wfformat/WfFormatError.js';
import { fromYaml, showFileError } from '../../../lib/formats/yaml/index.js';
import type { Plan } from '../../../lib/plan/Plan.js';
import { isTrace } from './isTrace.js';
import { placeInJson } from './placeInJson.js';

/** A file that was read, or all that is wrong with it in the library's own words, each with line and column. */
export type ReadTrace =
  | { readonly plan: Plan; readonly form: 'WfFormat 1.5' | 'pipeline file' }
  | { readonly errors: readonly string[] };

/** Reads a trace in WfFormat, or a pipeline in Dagger's form, which may be JSON, too. */
export const readTrace = (text: string, file: string): ReadTrace => {
  if (isTrace(text, file)) {
    const read = fromWfFormat(text, { file });
    if (read._tag === 'Right') return { plan: read.right.plan, form: 'WfFormat 1.5' };
    const place = placeInJson(text);
    return { errors: read.left.map((error) => showWfFormatError({ ...error, file: `${file}${place(error)}` })) };
  }
  const read = fromYaml(text, { file });
  if (read._tag === 'Right') return { plan: read.right.plan, form: 'pipeline file' };
  return { errors: read.left.map(showFileError) };
};
