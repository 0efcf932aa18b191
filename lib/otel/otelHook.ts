import { context, metrics, trace, type Meter, type Tracer } from '@opentelemetry/api';
import { finalize, ignoreElements, tap } from 'rxjs';
import type { HookOperator } from '../hooks/Hook.js';
import { named } from '../hooks/named.js';
import { instruments, type Instruments } from './Instruments.js';
import { quietly } from './quietly.js';
import type { RunListener } from './RunListener.js';
import { RunMetrics } from './RunMetrics.js';
import { RunSpans } from './RunSpans.js';

export interface OtelOptions {
  /** @default the global provider's, called 'rxdag' */
  readonly tracer?: Tracer;
  /** @default the global provider's, called 'rxdag' */
  readonly meter?: Meter;
  /** Whether progress becomes events of a node's span, at most 1,024 characters of each value. @default false */
  readonly progress?: boolean;
  /** @default 'otel' */
  readonly name?: string;
}

/**
 * Tells OpenTelemetry of runs. It only watches, and nothing that a tracer, a meter or an exporter throws reaches the run.
 *
 * Spans: one for the run, below the one that is active where it is started, and below that one for each node that
 * starts, over all its attempts, with links to the nodes that it depends on. Items of a fan-out and nodes of a sub-DAG
 * stand below the node that they come from. A retry is an event of the span; a failure is its exception and status. Times
 * are those of the run's events. A resumed run has a span of its own (`rxdag.run.resumed`), with what happens from then on.
 *
 * Metrics, durations in seconds: `rxdag.run.duration`, `rxdag.node.duration` (each attempt), `rxdag.node.wait.duration`
 * (could have started, had not yet), `rxdag.node.retries`, `rxdag.node.active`.
 *
 * While a run goes on it remembers the ids of the spans of its nodes, for the links.
 */
export const otelHook = ({ tracer, meter, progress = false, name = 'otel' }: OtelOptions = {}): HookOperator => {
  let shared: Instruments | undefined;
  return named(name, (event$, ctx) => {
    const listeners: RunListener[] = [];
    quietly(() => {
      const spans = new RunSpans(tracer ?? trace.getTracer('rxdag'), context.active(), ctx, progress);
      listeners.push(spans);
    });
    quietly(() => {
      shared ??= instruments(meter ?? metrics.getMeter('rxdag'));
      listeners.push(new RunMetrics(shared, ctx));
    });
    return event$.pipe(
      tap((event) => {
        if (!ctx.replaying) for (const listener of listeners) quietly(() => listener.hear(event));
      }),
      finalize(() => {
        for (const listener of listeners) quietly(() => listener.close());
      }),
      ignoreElements(),
    );
  });
};
