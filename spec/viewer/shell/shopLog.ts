import {
  error,
  logOf,
  node,
  quiescent,
  runStarted,
  settled,
  skipped,
  started,
  succeeded,
} from '../../support/logOf.js';
import type { EventBody, ExecutionEvent } from '../../../lib/model/ExecutionEvent.js';

const nodes = [
  node('load', { action: 'read', description: 'Reads what was ordered since the last run.', estimateMs: 400 }),
  node('clean: load', { action: 'map', branch: 'data' }),
  node('price: clean', { action: 'price', branch: 'money', tryCount: 3 }),
  node('stock: clean', {
    action: 'ask',
    branch: 'data',
    inputs: { warehouse: { $ref: 'inputs.warehouse' }, limit: 20 },
  }),
  node('charge: price', { action: 'pay', branch: 'money', tryCount: 2 }),
  node('approve: stock price', { action: 'human.input', inputs: { prompt: 'Ship it?' } }),
  node('pack: approve charge', { action: 'map' }),
  node('label: pack', { action: 'print' }),
  node('mail: charge', { action: 'mail', branch: 'money' }),
  ...Array.from({ length: 8 }, (_, i) => node(`check-${i}: load`, { action: 'check', branch: 'data' })),
];

const at = <B extends EventBody>(ms: number, body: B): B & { at: number } => ({ ...body, at: 1_750_000_000_000 + ms });
const ended = (
  ms: number,
  nodeId: string,
  attempt: number,
  durationMs: number,
  output: unknown,
): EventBody & { at: number } =>
  at(ms, { type: 'NodeSucceeded', nodeId, attempt, output: output as never, durationMs, cached: false });

/** A run of a shop: done, failed, retried, waiting for a person, and more to come. Its last events end it. */
export const shopLog: readonly ExecutionEvent[] = logOf(
  at(0, {
    ...(runStarted(nodes) as Extract<EventBody, { type: 'RunStarted' }>),
    runId: 'run-7f3',
    dagName: 'shop orders',
    inputs: { warehouse: 'north', since: '2026-11-01' },
  }),
  at(5, started('load')),
  ended(420, 'load', 1, 415, {
    rows: Array.from({ length: 240 }, (_, id) => ({ id, name: `order ${id}` })),
    source: 'orders.csv',
  }),
  at(425, started('clean')),
  ...Array.from({ length: 2 }, (_, i) => at(430, started(`check-${i}`))),
  ended(700, 'check-0', 1, 270, true),
  at(705, started('check-2')),
  at(760, { type: 'NodeProgressed', nodeId: 'clean', attempt: 1, value: { done: 120, of: 240 } }),
  ended(900, 'clean', 1, 475, { rows: 238, dropped: ['a7', 'b2'], note: 'x'.repeat(1_200) }),
  at(905, started('price')),
  at(910, started('stock')),
  ended(1_000, 'check-1', 1, 570, true),
  at(1_200, {
    type: 'NodeRetryScheduled',
    nodeId: 'price',
    attempt: 1,
    delayMs: 300,
    error: { ...error, message: 'rates are not there yet' },
  }),
  ended(1_300, 'check-2', 1, 595, false),
  at(1_500, started('price', 2)),
  ended(1_700, 'stock', 1, 790, { free: 31 }),
  ended(2_100, 'price', 2, 600, { total: 1_204.5, currency: 'EUR' }),
  at(2_105, started('charge')),
  at(2_110, { type: 'NodeWaiting', nodeId: 'approve', on: 'input', inputs: { prompt: 'Ship it?' } }),
  at(2_400, {
    type: 'NodeRetryScheduled',
    nodeId: 'charge',
    attempt: 1,
    delayMs: 100,
    error: { ...error, message: 'the bank does not answer' },
  }),
  at(2_500, started('charge', 2)),
  at(2_900, {
    type: 'NodeFailed',
    nodeId: 'charge',
    attempt: 2,
    error: {
      name: 'PaymentError',
      message: 'the card was refused\nsecond line',
      stack: 'PaymentError: the card was refused\n    at pay (actions.ts:12:9)\n    at run (run.ts:1:1)',
      cause: { name: 'HttpError', message: '402 from the bank', data: { code: 402 } },
    },
  }),
  at(2_905, skipped('pack', 'charge')),
  at(2_905, skipped('label', 'charge')),
  at(2_905, skipped('mail', 'charge')),
  at(2_910, started('check-3')),
  at(2_915, started('check-4')),
  ended(3_400, 'check-3', 1, 490, true),
  at(3_405, started('check-5')),
  at(9_000, succeeded('approve', 0, 1)),
  at(9_001, quiescent),
  at(9_002, settled('failed')),
);

/** How many of its events leave it going on. */
export const openEvents = shopLog.length - 3;
