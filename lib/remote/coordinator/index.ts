export { startCoordinator } from './startCoordinator.js';
export type { Coordinator, CoordinatorEvent, CoordinatorOptions } from './startCoordinator.js';
export { submitRun } from './submitRun.js';
export type { SubmitOptions } from './submitRun.js';
