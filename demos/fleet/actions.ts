import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { action, type NodeContext } from '../../lib/index.js';
import { valueOf } from './pipeline.js';

const note = ({ nodeId, attempt, idempotencyKey }: NodeContext): void =>
  appendFileSync(
    process.env['FLEET_LEDGER']!,
    `${JSON.stringify({ nodeId, attempt, idempotencyKey, pid: process.pid })}\n`,
  );

/** Takes 10 to 29 ms, so that a kill finds some of them under way. */
const hash = action('hash', async (ctx: NodeContext<{ values: readonly string[] }>) => {
  await sleep(10 + ((ctx.nodeId.length * 7 + Number(ctx.nodeId.split('-')[1])) % 20));
  note(ctx);
  return valueOf(ctx.nodeId, ctx.inputs.values);
});

const audit = action('audit', (ctx: NodeContext<{ value: string }>) => {
  note(ctx);
  return /^[\da-f]{16}$/.test(ctx.inputs.value);
});

export const actions = [hash, audit];
