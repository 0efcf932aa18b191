import { addNode, type SupervisorHookV2 } from '../../lib/index.js';
import { isAudited } from './pipeline.js';

/** Puts a node behind one in twenty, while the run goes on. */
const auditor: SupervisorHookV2 = {
  name: 'auditor',
  onNodeComplete: (_, { nodeId }) =>
    isAudited(nodeId)
      ? addNode({
          id: `audit:${nodeId}`,
          action: 'audit',
          placement: 'pool:fleet',
          deps: [nodeId],
          inputs: { value: { $ref: nodeId } },
        })
      : undefined,
};

export const hooks = [auditor];
