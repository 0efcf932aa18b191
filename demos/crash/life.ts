// One life of the run: begins it, or goes on with it where it is there already. Meant to be killed.
// usage: life.ts DATABASE LEDGER
import { DagExecutor } from '../../lib/index.js';
import { sqliteStore } from '../../lib/stores/sqlite/index.js';
import { RUN, hashingPipeline } from './pipeline.js';

const [database = '', ledger = ''] = process.argv.slice(2);
const store = sqliteStore(database);
const { graph, registry, hooks } = hashingPipeline(ledger);
const executor = new DagExecutor({ registry, hooks, store });
const known = await store.runs()();
if (known._tag === 'Left') throw new Error(known.left.message);
const run = known.right.length === 0 ? executor.start(graph, { runId: RUN }) : await executor.resume(RUN);
run.event$.subscribe(({ seq }) => process.stdout.write(`${seq}\n`));
const { success } = await run.report;
await store.close();
process.exitCode = success ? 0 : 1;
