import { fileURLToPath } from 'node:url';
import { failureOf } from '../../model/Failure.js';
import type { ThreadCall } from './ThreadCall.js';

const MODULE_MAX = 100;

/** The error of a call whose thread gave no answer: which action's it was, and of which module. */
export const threadEnded = ({ action, module }: Pick<ThreadCall, 'action' | 'module'>, why: unknown): unknown => {
  if (why instanceof DOMException) return why; // it never got there: what it was to be given can't be copied
  const where = module.startsWith('file:') ? fileURLToPath(module) : module.slice(0, MODULE_MAX);
  const said = failureOf(why).message.trim().replace(/\.$/, '');
  return new Error(`The thread of the action "${action}" has ended without an answer: ${said} (${where}).`, {
    cause: why,
  });
};
