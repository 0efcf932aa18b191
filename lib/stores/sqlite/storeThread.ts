import { parentPort, workerData } from 'node:worker_threads';
import { CacheTables } from './CacheTables.js';
import { Fault } from '../Fault.js';
import { faultOf } from './faultOf.js';
import { SqliteLog } from './SqliteLog.js';
import type { Call, Reply, ThreadData } from './ThreadClient.js';

// The thread that writes: whatever a disk does, the event loop of the program goes on.
const { file, durability, serves } = workerData as ThreadData;
const port = parentPort!;
let served: SqliteLog | CacheTables | undefined;

const letGo = (): void => {
  served?.close();
  served = undefined;
};

port.on('message', ({ id, method, args }: Call) => {
  let reply: Reply;
  try {
    if (method === 'close') {
      letGo();
      reply = { id, value: undefined };
    } else {
      served ??= serves === 'log' ? new SqliteLog(file, durability) : new CacheTables(file);
      const methods = served as unknown as Record<PropertyKey, (...args: readonly unknown[]) => unknown>;
      reply = { id, value: methods[method]!(...args) };
    }
  } catch (error) {
    const fault = faultOf(error, file);
    reply = { id, fault: { type: fault instanceof Fault ? fault.type : undefined, message: fault.message } };
  }
  if (served?.isFixed() === true) letGo();
  port.postMessage(reply);
});
