export { otelHook } from './otelHook.js';
export { traced } from './traced.js';
export type { OtelOptions } from './otelHook.js';
