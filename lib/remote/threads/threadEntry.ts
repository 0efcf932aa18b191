import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { failureOf } from '../../model/Failure.js';
import { Hopeless } from '../../run/Hopeless.js';
import type { ThreadCall, ThreadMessage } from './ThreadCall.js';
import type { ThreadContext } from './ThreadContext.js';

/** What a thread does: calls the default function of a module, and tells all that comes of it on the call's own port. */
export default async ({ action, module, task, port }: ThreadCall): Promise<void> => {
  const tell = (message: ThreadMessage, parts: readonly object[] = []): void =>
    port.postMessage(message, parts as readonly ArrayBuffer[]);
  try {
    const run = await defaultOf(module, action);
    const moved: object[] = [];
    const output = await run({
      ...task,
      progress: (value) => tell({ type: 'progress', value }),
      transfer: (value, parts) => {
        moved.push(...parts);
        return value;
      },
    });
    tell({ type: 'output', value: output }, moved);
  } catch (error) {
    tell({ type: 'failure', failure: failureOf(error), isFinal: error instanceof Hopeless });
  } finally {
    port.close();
  }
};

const defaultOf = async (module: string, action: string): Promise<(ctx: ThreadContext) => unknown> => {
  const path = module.startsWith('file:') ? fileURLToPath(module) : module;
  if (path !== module && !existsSync(path))
    throw new Hopeless(`The module of the action "${action}" is not there: ${path}.`);
  const { default: run } = (await import(module)) as { readonly default?: (ctx: ThreadContext) => unknown };
  if (typeof run !== 'function')
    throw new Hopeless(
      `The module of the action "${action}" has no default function, which its thread would call: ${path}.`,
    );
  return run;
};
