import { diag } from '@opentelemetry/api';

/** Does it; what it throws is told to OpenTelemetry's own log, and to nobody else. */
export const quietly = (work: () => void): void => {
  try {
    work();
  } catch (error) {
    try {
      diag.error('rxdag: telemetry failed', error);
    } catch {
      // Nor does a log that throws hurt a run.
    }
  }
};
