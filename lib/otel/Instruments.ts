import { ValueType, type Counter, type Histogram, type Meter, type UpDownCounter } from '@opentelemetry/api';

/** What the numbers of runs are written to. */
export interface Instruments {
  readonly runDuration: Histogram;
  readonly waitDuration: Histogram;
  readonly nodeDuration: Histogram;
  readonly retries: Counter;
  readonly active: UpDownCounter;
}

/** From milliseconds to an hour: actions take either. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600, 1_800, 3_600];

export const instruments = (meter: Meter): Instruments => {
  const duration = (name: string, description: string): Histogram =>
    meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries: SECONDS } });
  const whole = { valueType: ValueType.INT };
  return {
    runDuration: duration('rxdag.run.duration', 'How long a run lasted.'),
    waitDuration: duration('rxdag.node.wait.duration', 'How long a node could have started before it did.'),
    nodeDuration: duration('rxdag.node.duration', 'How long one attempt of a node lasted.'),
    retries: meter.createCounter('rxdag.node.retries', {
      ...whole,
      description: 'Attempts that failed and are tried again.',
      unit: '{retry}',
    }),
    active: meter.createUpDownCounter('rxdag.node.active', {
      ...whole,
      description: 'Nodes that run.',
      unit: '{node}',
    }),
  };
};
