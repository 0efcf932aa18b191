export { fromYaml } from './fromYaml.js';
export { toYaml } from './toYaml.js';
export { showFileError } from './FileError.js';
export type { FromYaml, FromYamlOptions } from './fromYaml.js';
export type { FileError } from './FileError.js';
export type { FileLimits } from './readDocument.js';
