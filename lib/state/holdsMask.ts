import { MASK } from './redact.js';

/** Tells whether a value shows the mask where a key that matches stands over it. */
export const holdsMask = (value: unknown, test: RegExp, under = false): boolean =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).some(([key, inner]) =>
        holdsMask(inner, test, under || (!Array.isArray(value) && test.test(key))),
      )
    : under && value === MASK;
