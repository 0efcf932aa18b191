import { SpanStatusCode, type Attributes, type Meter, type Tracer } from '@opentelemetry/api';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';

const msOf = ([seconds, nanos]: readonly [number, number]): number => seconds * 1_000 + nanos / 1e6;

/** OpenTelemetry's own SDK with exporters in memory, and what came out of it. */
export class Telemetry {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #meters: MeterProvider;
  begun = 0;
  ended = 0;

  constructor() {
    const counting = {
      onStart: () => void this.begun++,
      onEnd: () => void this.ended++,
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    this.tracer = new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(this.#spans), counting],
    }).getTracer('spec');
    const reader = new PeriodicExportingMetricReader({ exporter: this.#metrics, exportIntervalMillis: 1e9 });
    this.#meters = new MeterProvider({ readers: [reader] });
    this.meter = this.#meters.getMeter('spec');
  }

  /** Exported spans, in the order in which they ended. */
  get spans(): readonly ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  span(name: string): ReadableSpan {
    const found = this.spans.filter((span) => span.name === name);
    if (found.length !== 1) throw new Error(`${found.length} spans are called ${name}: ${this.lines().join('\n')}`);
    return found[0]!;
  }

  /** Spans as text: `parent > name start..end status`, times in milliseconds since the start of the lab's clock. */
  lines(): readonly string[] {
    const names = new Map(this.spans.map((span) => [span.spanContext().spanId, span.name]));
    return this.spans.map(({ name, parentSpanContext, startTime, endTime, status, attributes }) => {
      const parent = parentSpanContext === undefined ? '' : `${names.get(parentSpanContext.spanId)} > `;
      const state = attributes['rxdag.node.status'] ?? attributes['rxdag.run.status'];
      const error = status.code === SpanStatusCode.ERROR ? ` (${status.message})` : '';
      return `${parent}${name} ${msOf(startTime) - 1e6}..${msOf(endTime) - 1e6} ${String(state)}${error}`;
    });
  }

  /** Names of the spans that a span has links to. */
  linksOf(name: string): readonly (string | undefined)[] {
    const names = new Map(this.spans.map((span) => [span.spanContext().spanId, span.name]));
    return this.span(name).links.map(({ context }) => names.get(context.spanId));
  }

  /** Metrics as text: `name {attributes} value`, a histogram's value as `count: sum`. */
  async numbers(): Promise<readonly string[]> {
    this.#metrics.reset();
    await this.#meters.forceFlush();
    return this.#metrics.getMetrics().flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap(({ metrics }) =>
        metrics.flatMap(({ descriptor, dataPointType, dataPoints }) =>
          dataPoints.map(({ attributes, value }) => {
            const { count, sum } = value as { readonly count: number; readonly sum: number };
            const told = dataPointType === DataPointType.HISTOGRAM ? `${count}: ${sum}` : JSON.stringify(value);
            return `${descriptor.name} {${wordsOf(attributes)}} ${told} ${descriptor.unit}`;
          }),
        ),
      ),
    );
  }

  close(): Promise<void> {
    return this.#meters.shutdown();
  }
}

const wordsOf = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([key, value]) => `${key.replace(/^rxdag\./, '')}=${String(value)}`)
    .sort()
    .join(' ');
