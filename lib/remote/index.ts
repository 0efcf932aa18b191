/* Engines */
export { bullmqEngine } from './bullmq/bullmqEngine.js';
export type { BullmqEngineOptions } from './bullmq/BullmqEngineOptions.js';
export { inProcessEngine } from './inProcess/inProcessEngine.js';
export type { InProcessEngine, InProcessOptions } from './inProcess/inProcessEngine.js';
export type { Faults } from './inProcess/Faults.js';

/* Workers */
export { startWorker } from './worker/startWorker.js';
export type { RemoteWorker, WorkerCounts } from './worker/startWorker.js';
export type { JobOfWorker, WorkerEvent } from './worker/WorkerEvent.js';
export type { WorkerOptions } from './worker/WorkerOptions.js';
export type { HealthOptions } from './worker/healthEndpoint.js';
export { listWorkers } from './worker/listWorkers.js';
export type { WorkerRecord } from './worker/WorkerRecord.js';

/* Coordinators */
export { startCoordinator } from './coordinator/startCoordinator.js';
export type { Coordinator, CoordinatorEvent, CoordinatorOptions } from './coordinator/startCoordinator.js';
export { submitRun } from './coordinator/submitRun.js';
export type { SubmitOptions } from './coordinator/submitRun.js';

/* Runs in Redis */
export { redisStore } from './redis/redisStore.js';
export type { RedisStore, RedisStoreOptions } from './redis/redisStore.js';
export { checkRedis } from './redis/checkRedis.js';
export type { RedisFindings } from './redis/checkRedis.js';
export type { RedisClient, RedisSource } from './connection/openRedis.js';
export type { ReachChange } from './connection/Reach.js';

/* Keys and large values */
export { SigningKey, signingKey } from './envelope/SigningKey.js';
export { readKey } from './envelope/readKey.js';
export type { KeySource } from './envelope/readKey.js';
export { memoryBlobs } from './envelope/BlobStore.js';
export type { BlobStore } from './envelope/BlobStore.js';
export type { EnvelopeFault } from './envelope/EnvelopeFault.js';
