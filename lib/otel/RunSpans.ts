import {
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { idempotencyKey } from '../define/idempotencyKey.js';
import type { HookContext } from '../hooks/Hook.js';
import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Failure } from '../model/Failure.js';
import { nodeContexts } from './nodeContexts.js';
import { quietly } from './quietly.js';
import type { RunListener } from './RunListener.js';

/** A span that has not ended, and itself as a parent. */
interface Open {
  readonly span: Span;
  readonly context: Context;
}

/** Makes the spans of one run: its own, and below it one for each node, over all the node's attempts. */
export class RunSpans implements RunListener {
  readonly #tracer: Tracer;
  readonly #parent: Context;
  readonly #hook: HookContext;
  readonly #withProgress: boolean;
  /** What was heard first: with it the run's span begins, also where that works at a later event only. */
  #first: ExecutionEvent | undefined;
  #run: Open | undefined;
  #begunAt = 0;
  #lastAt = 0;
  readonly #open = new Map<string, Open>();
  /** Where links to dependencies lead. */
  readonly #known = new Map<string, SpanContext>();

  constructor(tracer: Tracer, parent: Context, hook: HookContext, withProgress: boolean) {
    this.#tracer = tracer;
    this.#parent = parent;
    this.#hook = hook;
    this.#withProgress = withProgress;
  }

  hear(event: ExecutionEvent): void {
    this.#lastAt = event.at;
    this.#first ??= event;
    this.#run ??= this.#begin(this.#first);
    switch (event.type) {
      case 'NodeStarted':
      case 'NodeWaiting':
        this.#openOf(event.nodeId, event.at);
        return;
      case 'NodeProgressed':
        if (this.#withProgress)
          this.#tell(event.nodeId, 'rxdag.node.progress', event.at, {
            'rxdag.node.progress': JSON.stringify(event.value).slice(0, PROGRESS_MAX),
          });
        return;
      case 'NodeRetryScheduled':
        this.#tell(event.nodeId, 'rxdag.node.retry', event.at, {
          'rxdag.node.attempt': event.attempt,
          'rxdag.node.retry.delay': event.delayMs / 1_000,
          ...exceptionOf(event.error),
        });
        return;
      case 'NodeSucceeded':
        this.#openOf(event.nodeId, Math.max(this.#begunAt, event.at - event.durationMs));
        this.#end(event, { 'rxdag.node.attempts': event.attempt, ...(event.cached && { 'rxdag.node.cached': true }) });
        return;
      case 'NodeFailed':
        this.#openOf(event.nodeId, event.at); // a gate may fail what has not started
        this.#end(event, { 'rxdag.node.attempts': event.attempt }, event.error);
        return;
      case 'NodeCancelled':
        this.#end(event, { 'rxdag.reason': event.reason, ...(event.abandoned && { 'rxdag.node.abandoned': true }) });
        return;
      case 'NodeSkipped':
        this.#end(event, { 'rxdag.reason': event.reason });
        return;
      case 'NodeInterrupted':
        this.#end(event, { 'rxdag.node.attempts': event.attempt });
        return;
      case 'RunSettled':
        this.#endRun(event);
        return;
      default:
    }
  }

  /** Ends what is open still, which it is if the engine breaks or the hook is cut off. */
  close(): void {
    const message = 'The run was left before its end.';
    const open = [...this.#open];
    this.#open.clear();
    for (const [nodeId, { span }] of open) {
      nodeContexts.delete(this.#keyOf(nodeId));
      quietly(() => endWith(span, this.#lastAt, message));
    }
    const run = this.#run;
    this.#run = undefined;
    if (run !== undefined) endWith(run.span, this.#lastAt, message);
  }

  #begin(event: ExecutionEvent): Open {
    this.#begunAt = event.at;
    const attributes = { ...this.#common(), ...(event.type !== 'RunStarted' && { 'rxdag.run.resumed': true }) };
    return this.#start(`run ${this.#hook.dagName}`, event.at, attributes, this.#parent);
  }

  /** The node's open span, begun now unless there is one. Below a fan-out or a sub-DAG stands what it was expanded into. */
  #openOf(nodeId: string, at: number): Open {
    const known = this.#open.get(nodeId);
    if (known !== undefined) return known;
    const snapshot = this.#hook.snapshot();
    const node = snapshot.node(nodeId);
    const parent = snapshot.node(node?.spec.parent ?? '');
    const attributes: Attributes = {
      ...this.#common(),
      'rxdag.node.id': nodeId,
      ...(node !== undefined && { 'rxdag.action.name': node.action }),
      ...(node?.branch !== undefined && { 'rxdag.branch.id': node.branch }),
      ...(node?.spec.pool !== undefined && { 'rxdag.pool.name': node.spec.pool }),
    };
    const links = (node?.deps ?? []).flatMap((dependency): Link[] => {
      const context = this.#known.get(dependency);
      return context === undefined ? [] : [{ context, attributes: { 'rxdag.node.id': dependency } }];
    });
    const { context } = parent?.status === 'waiting' ? this.#openOf(parent.id, at) : this.#run!;
    const name = nodeId.replaceAll(/\[\d+\]/g, '[]'); // few names for many items
    const open = this.#start(name, at, attributes, context, links);
    this.#open.set(nodeId, open);
    quietly(() => this.#known.set(nodeId, open.span.spanContext()));
    nodeContexts.set(this.#keyOf(nodeId), open.context);
    return open;
  }

  #start(name: string, at: number, attributes: Attributes, parent: Context, links: readonly Link[] = []): Open {
    const span = this.#tracer.startSpan(name, { startTime: timeOf(at), attributes, links: [...links] }, parent);
    return { span, context: trace.setSpan(parent, span) };
  }

  #tell(nodeId: string, name: string, at: number, attributes: Attributes): void {
    this.#open.get(nodeId)?.span.addEvent(name, attributes, timeOf(at));
  }

  #end({ type, nodeId, at }: NodeEnd, attributes: Attributes, error?: Failure): void {
    const span = this.#open.get(nodeId)?.span;
    if (span === undefined) return; // skipped or cancelled before it began
    this.#open.delete(nodeId);
    nodeContexts.delete(this.#keyOf(nodeId));
    const status = type.slice('Node'.length).toLowerCase();
    quietly(() => span.setAttributes({ ...attributes, 'rxdag.node.status': status }));
    if (error !== undefined) {
      quietly(() => span.recordException(error, timeOf(at)));
      quietly(() => span.setAttribute('error.type', error.name));
    }
    endWith(span, at, error?.message);
  }

  #endRun({ at, status, success, error }: EventOf<'RunSettled'>): void {
    const { span } = this.#run!;
    this.#run = undefined;
    quietly(() => span.setAttribute('rxdag.run.status', status));
    endWith(span, at, status === 'cancelled' || success ? undefined : (error ?? status));
  }

  #common(): Attributes {
    return { 'rxdag.dag.name': this.#hook.dagName, 'rxdag.run.id': this.#hook.runId };
  }

  #keyOf(nodeId: string): string {
    return idempotencyKey(this.#hook.runId, nodeId);
  }
}

type NodeEnd = EventOf<'NodeSucceeded' | 'NodeFailed' | 'NodeCancelled' | 'NodeSkipped' | 'NodeInterrupted'>;

const PROGRESS_MAX = 1_024;

/** A span ends whatever else of it throws. */
const endWith = (span: Span, at: number, error: string | undefined): void => {
  if (error !== undefined) quietly(() => span.setStatus({ code: SpanStatusCode.ERROR, message: error }));
  span.end(timeOf(at));
};

const exceptionOf = ({ name, message, stack }: Failure): Attributes => ({
  'exception.type': name,
  'exception.message': message,
  ...(stack !== undefined && { 'exception.stacktrace': stack }),
});

/** Epoch milliseconds as seconds and nanoseconds; a bare number could be taken for one that counts from the start of the process. */
const timeOf = (at: number): HrTime => [Math.trunc(at / 1_000), Math.round((at % 1_000) * 1e6)];
