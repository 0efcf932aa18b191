import { context, type Context } from '@opentelemetry/api';
import { Observable, isObservable } from 'rxjs';
import type { Execute, NodeAction } from '../define/NodeAction.js';
import { nodeContexts } from './nodeContexts.js';

/**
 * The same action, with its node's span as the active one while it runs: spans that it makes, and requests that
 * instrumented libraries send, stand below that. Needs `otelHook`, and a context manager (which an SDK for Node installs).
 */
export const traced = <I, O>(action: NodeAction<I, O>): NodeAction<I, O> => {
  const execute: Execute<any, any> = (ctx) => {
    const active = nodeContexts.get(ctx.idempotencyKey);
    return active === undefined
      ? action.execute(ctx)
      : resultIn(
          active,
          context.with(active, () => action.execute(ctx)),
        );
  };
  return Object.freeze({ ...action, execute });
};

/** What an action returned; what of it is called later is called in the context as well. */
const resultIn = (active: Context, result: unknown): unknown => {
  if (typeof result === 'function') return context.bind(active, result);
  if (isObservable(result))
    return new Observable((subscriber) => context.with(active, () => result.subscribe(subscriber)));
  if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result)
    return iterableIn(active, result as AsyncIterable<unknown>);
  return result;
};

const iterableIn = (active: Context, source: AsyncIterable<unknown>): AsyncIterable<unknown> => ({
  [Symbol.asyncIterator]: () => {
    const iterator = context.with(active, () => source[Symbol.asyncIterator]());
    return {
      next: () => context.with(active, () => iterator.next()),
      ...(iterator.return && { return: () => context.with(active, () => iterator.return!()) }),
    };
  },
});
