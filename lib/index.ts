/* Definition */
export { dag } from './define/dag.js';
export { input } from './define/Handle.js';
export { action } from './define/action.js';
export { ActionRegistry } from './define/ActionRegistry.js';
export { Cache } from './define/Cache.js';
export { fromDaggerAction } from './define/fromDaggerAction.js';
export { DagFlowBuilder } from './define/DagFlowBuilder.js';
export { ref } from './model/Ref.js';
export { compile } from './plan/compile.js';
export type { Execute, NodeAction, NodeContext } from './define/NodeAction.js';
export type { ErrorHandling } from './define/ErrorHandling.js';
export type { NodeBuilder } from './define/NodeBuilder.js';
export type { BackoffStrategy, RetryPolicyBuilder } from './define/RetryPolicyBuilder.js';
export type { InputValue, Ref } from './model/Ref.js';
export type { GraphError } from './plan/GraphError.js';
export type { Plan } from './plan/Plan.js';

/* Running */
export { DagExecutor } from './run/DagExecutor.js';
export type { MutableExecutorState, SharedExecutorState } from './run/DagExecutor.js';
export type { ExecutorOptions, ForkOptions, ResumeOptions, RunOptions } from './run/ExecutorOptions.js';
export { learnEstimates } from './run/learnEstimates.js';
export type { LearnOptions } from './run/learnEstimates.js';
export type { DagRun } from './run/DagRun.js';
export type { NodeEnd, RunDiff } from './run/diffRuns.js';
export type { Definition } from './run/Definition.js';
export { fairSlots } from './run/fairSlots.js';
export type { Share, Slots } from './run/Slots.js';
export { memoryStore } from './stores/memoryStore.js';
export { memoryResultCache } from './stores/memoryResultCache.js';
export type { ResultCache } from './run/ResultCache.js';
export type { EventStore, RunFilter, RunSummary, StoreError, StoreOwner } from './run/EventStore.js';
export { Unplaceable } from './run/RemoteEngine.js';
export type { JobNews, RemoteEngine, RemoteJob } from './run/RemoteEngine.js';

/* Errors */
export { DagError, EngineError } from './define/DagError.js';
export { CommandRefusedError } from './hooks/HookAdapter.js';
export { JsonError } from './model/Json.js';

/* Commands */
export {
  addDependency,
  addNode,
  addNodes,
  cancelBranch,
  cancelRun,
  emitEvent,
  pauseBranch,
  pauseRun,
  provideInput,
  removeNode,
  resumeBranch,
  resumeRun,
  retryNode,
  setConcurrency,
  setNodeInputs,
  setPriority,
  skipNode,
  updateMetrics,
} from './model/commands.js';

/* Data, each a type and a codec of the same name */
export { DagConfig, defaultConfig } from './model/DagConfig.js';
export { ExecutionEvent } from './model/ExecutionEvent.js';
export { ExecutorCommand } from './model/ExecutorCommand.js';
export { Failure } from './model/Failure.js';
export { Graph } from './model/Graph.js';
export { Json } from './model/Json.js';
export { NodeSpec } from './model/NodeSpec.js';
export { RetryStrategy } from './model/RetryStrategy.js';
export type { EventBody, EventHead, EventOf } from './model/ExecutionEvent.js';
export type { CommandOf } from './model/ExecutorCommand.js';
export type { RunIf, When } from './model/NodeSpec.js';
export type { NodeStatus, RunStatus } from './model/Status.js';

/* State */
export { initialSnapshot, reduce } from './state/reduce.js';
export type { UnknownEvents } from './model/UnknownEvents.js';
export type { BranchState, ExecutionMetrics, ExecutorSnapshot, NodeState, Waiting } from './model/ExecutorSnapshot.js';
export type {
  CommandRefusal,
  DagExecutionReport,
  ExecutionTree,
  NodeExecutionOutcome,
} from './model/DagExecutionReport.js';

/* Drawing */
export { toDot } from './formats/toDot.js';
export { toMermaid } from './formats/toMermaid.js';

/* Simulating */
export { simulate } from './simulate/simulate.js';
export type { SimulateOptions } from './simulate/simulate.js';
export type { Simulation } from './simulate/Simulation.js';
export type { Estimates } from './plan/Estimates.js';

/* Hooks */
export { answerWith, ofType, onNode } from './hooks/operators.js';
export { compositeHook } from './hooks/compositeHook.js';
export { HookAdapter } from './hooks/HookAdapter.js';
export type { NodeEvent } from './hooks/operators.js';
export type { ExecutorFacade, SupervisorHook } from './hooks/HookAdapter.js';
export type {
  Answer,
  AnswerValue,
  Gate,
  Hook,
  HookContext,
  HookOperator,
  NodeAdder,
  SupervisorHookV2,
} from './hooks/Hook.js';

/* Ready-made hooks */
export { adaptiveConcurrency } from './hooks/adaptiveConcurrency.js';
export { approval } from './hooks/approval.js';
export { circuitBreaker } from './hooks/circuitBreaker.js';
export { loggingHook } from './hooks/loggingHook.js';
export { metricsHook } from './hooks/metricsHook.js';
export { retryFailed } from './hooks/retryFailed.js';
export { timeBudget } from './hooks/timeBudget.js';
export type { AdaptiveConcurrencyOptions } from './hooks/adaptiveConcurrency.js';
export type { ApprovalOptions } from './hooks/approval.js';
export type { CircuitBreakerOptions } from './hooks/circuitBreaker.js';
export type { LoggingOptions } from './hooks/loggingHook.js';
export type { MetricsOptions } from './hooks/metricsHook.js';
export type { RetryFailedOptions } from './hooks/retryFailed.js';
export type { Stop } from './hooks/stopCommand.js';
export type { TimeBudgetOptions } from './hooks/timeBudget.js';

/* Names of the first design, as thin forms of the above */
export { executeDagParallel, executeDagParallelWithHooks, executeWithHooks } from './run/seed.js';
export { HookEventProcessor, HookEventProcessor as HookProcessor } from './hooks/HookEventProcessor.js';
export { toHookEvent } from './hooks/HookEvent.js';
export type { ExecuteWithHooksOptions, GivenDag, ThreadSafeNodeAdder } from './run/seed.js';
export type { HookEvent } from './hooks/HookEvent.js';
