import { parentPort, workerData } from 'node:worker_threads';
import { Fault, faultOf } from './faultOf.js';
import { SqliteLog, type Durability } from './SqliteLog.js';
import type { Call, Reply } from './ThreadClient.js';

// The thread that writes: whatever a disk does, the event loop of the program goes on.
const { file, durability } = workerData as { readonly file: string; readonly durability: Durability };
const port = parentPort!;
let log: SqliteLog | undefined;

port.on('message', ({ id, method, args }: Call) => {
  let reply: Reply;
  try {
    if (method === 'close') {
      log?.close();
      log = undefined;
      reply = { id, value: undefined };
    } else {
      log ??= new SqliteLog(file, durability);
      reply = { id, value: (log[method] as (...args: readonly unknown[]) => unknown)(...args) };
    }
  } catch (error) {
    const fault = faultOf(error, file);
    reply = { id, fault: { type: fault instanceof Fault ? fault.type : undefined, message: fault.message } };
  }
  port.postMessage(reply);
});
