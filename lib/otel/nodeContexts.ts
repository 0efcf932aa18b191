import type { Context } from '@opentelemetry/api';

/** The context of each node that has a span now, by its idempotency key: how `traced` finds what a hook has begun. */
export const nodeContexts = new Map<string, Context>();
