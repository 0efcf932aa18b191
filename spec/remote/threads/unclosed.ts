import { ActionRegistry, DagExecutor } from '../../../lib/index.js';
import { threads } from '../../../lib/remote/threads/index.js';

const deed = threads().action({ thread: new URL('./deeds.ts', import.meta.url), name: 'deed' });
const executor = new DagExecutor({ registry: new ActionRegistry().register(deed) });
const nodes = [{ id: 'n', action: 'deed', inputs: { does: 'add', a: 1, b: 2 } }];
console.log((await executor.start({ name: 'g', nodes }).report).outputs['n']);
