import { printable } from '../../model/printable.js';
import type { GraphError } from '../../plan/GraphError.js';

/** What is wrong with a WfFormat file: one sentence, with the task and the place. */
export interface WfFormatError {
  readonly type:
    | GraphError['type']
    | 'Syntax' // not JSON
    | 'Version' // not WfFormat 1.5
    | 'MissingRuntime' // a task that `workflow.execution` does not tell the run time of
    | 'UnknownTask' // a parent, child or executed task that `workflow.specification` does not have
    | 'Disagreement'; // a child that does not name its parent, or the other way round
  readonly message: string;
  /** The id of the task that it is about. */
  readonly task?: string;
  /** Where in the file, such as `workflow.specification.tasks[3].parents[0]`; empty for the whole. */
  readonly path: string;
  /** As it was given to the reader; absent for a text without a name. */
  readonly file?: string;
}

/** An error as a terminal or a log shows it: `file: path: message`, control characters escaped. */
export const showWfFormatError = ({ file = 'text', path, message }: WfFormatError): string =>
  printable(`${file}: ${path === '' ? '' : `${path}: `}${message}`);
