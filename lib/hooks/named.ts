import type { HookOperator } from './Hook.js';

/** An operator under the name that stands in the log, as `by`, beside all that it causes. */
export const named = (hookName: string, operator: HookOperator): HookOperator =>
  Object.assign<HookOperator, { readonly hookName: string }>((event$, ctx) => operator(event$, ctx), { hookName });
