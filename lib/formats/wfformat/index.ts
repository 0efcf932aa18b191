export { fromWfFormat } from './fromWfFormat.js';
export { showWfFormatError } from './WfFormatError.js';
export type { FromWfFormat, FromWfFormatOptions } from './fromWfFormat.js';
export type { WfExecutedTask, WfExecution, WfFormat, WfTask } from './WfFormat.js';
export type { WfFormatError } from './WfFormatError.js';
export { runToWfFormat } from './runToWfFormat.js';
export { toWfFormat } from './toWfFormat.js';
