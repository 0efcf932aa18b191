export { threads } from './threads.js';
export type { ThreadAction, Threads } from './threads.js';
export type { ThreadContext, ThreadTask } from './ThreadContext.js';
export type { ResourceLimits, ThreadsOptions } from './ThreadPool.js';
