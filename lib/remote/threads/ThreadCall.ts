import type { MessagePort } from 'node:worker_threads';
import type { Failure } from '../../model/Failure.js';
import type { ThreadTask } from './ThreadContext.js';

/** What a thread is asked to do. It answers on the port, and closes it once it is done. */
export interface ThreadCall {
  readonly action: string;
  /** The address of the module whose default function is called. */
  readonly module: string;
  readonly task: ThreadTask;
  readonly port: MessagePort;
}

/** What a thread tells. `isFinal`: to try again would not mend it. */
export type ThreadMessage =
  | { readonly type: 'progress'; readonly value: any }
  | { readonly type: 'output'; readonly value: unknown }
  | { readonly type: 'failure'; readonly failure: Failure; readonly isFinal: boolean };
