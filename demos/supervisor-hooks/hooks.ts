import { filter, firstValueFrom, timer, type SchedulerLike } from 'rxjs';
import {
  HookAdapter,
  addNode,
  answerWith,
  metricsHook,
  ofType,
  pauseBranch,
  ref,
  resumeBranch,
  setNodeInputs,
  type Cache,
  type ExecutorFacade,
  type Hook,
  type HookOperator,
  type NodeState,
  type SupervisorHook,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { flightName, type Check } from './flights.js';

/** Four hooks of three forms, at work at the same time. */
export const superviseFlights = (scheduler: SchedulerLike): readonly Hook[] => [
  cleanup,
  gatekeeper,
  metricsHook({ every: 5 }),
  new HookAdapter(new Auditor(scheduler)),
];

/** An operator: adds a node that clears up after each chunk that has been processed. */
const cleanup: HookOperator = Object.assign<HookOperator, { readonly hookName: string }>(
  answerWith(
    (event$) =>
      event$.pipe(
        ofType('NodeSucceeded'),
        filter(({ nodeId }) => nodeId.startsWith('process-')),
      ),
    ({ nodeId }) =>
      addNode({
        id: nodeId.replace('process', 'cleanup'),
        action: 'cleanup',
        deps: [nodeId],
        inputs: { chunk: ref({ node: nodeId, path: ['chunk'] }) },
      }),
  ),
  { hookName: 'cleanup' },
);

/** A hook by methods: holds publication back when the check finds something, until it has been reviewed. */
const gatekeeper: SupervisorHookV2 = {
  name: 'gatekeeper',
  onNodeComplete: (_, { nodeId, output }) => {
    if (nodeId === 'check') {
      const { isPlausible, doubtful } = output as unknown as Check;
      if (isPlausible) return undefined;
      return [
        pauseBranch('publish', `${doubtful.map(flightName).join(', ')} is hard to believe`),
        addNode({ id: 'review', action: 'review', inputs: { flights: ref('check.doubtful') } }),
      ];
    }
    if (nodeId !== 'review') return undefined;
    return [setNodeInputs('report', { summary: ref('merge'), reviews: ref('review') }), resumeBranch('publish')];
  },
};

/** A hook in Dagger's form, unchanged: it gets an executor, changes it, and is awaited. */
class Auditor implements SupervisorHook {
  readonly name = 'auditor';
  private readonly scheduler: SchedulerLike;

  constructor(scheduler: SchedulerLike) {
    this.scheduler = scheduler;
  }

  async onNodeComplete(executor: ExecutorFacade, node: NodeState, cache: Cache): Promise<void> {
    cache.appendGlobalValue('flights', 'audit', node.id);
    if (node.id !== 'merge') return;
    await firstValueFrom(timer(25, this.scheduler)); // what depends on merge waits for this
    await executor.addNode('flights', 'archive', 'archive', ['merge']);
    await executor.updateMetrics({ audited: executor.snapshot().counts.succeeded });
  }
}
