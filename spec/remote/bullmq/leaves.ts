// An engine in a process of its own that is used, and closed; then the process has nothing left to do.
import { setTimeout as sleep } from 'node:timers/promises';
import { bullmqEngine } from '../../../lib/remote/bullmq/bullmqEngine.js';
import { signingKey } from '../../../lib/remote/envelope/SigningKey.js';
import { jobOf } from '../worker/jobOf.js';

const [connection, beforeClose] = process.argv.slice(2);
const engine = bullmqEngine({
  connection: connection!,
  key: signingKey('the key of this deployment, no other'),
  timeoutMs: 500,
});
engine.news$.subscribe();
await engine.submit([jobOf('echo')]).catch((error: Error) => console.log(error.message));
void engine.peek([jobOf('echo', { pool: 'other' })]).catch((error: Error) => console.log(error.message));
if (beforeClose !== undefined) await sleep(Number(beforeClose));
await engine.close();
console.log('closed');
