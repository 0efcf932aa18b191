import { randomUUID } from 'node:crypto';
import { ActionRegistry } from '../index.js';
import { showFileError } from '../formats/yaml/index.js';
import { actionsFrom } from './actionsFrom.js';
import { asUsageLater } from './asUsage.js';
import { checkInputs, inputsFrom } from './inputsFrom.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { openStore } from './openStore.js';
import { readPipeline } from './readPipeline.js';
import { tailCommand } from './tailCommand.js';
import type { Terminal } from './Terminal.js';

export interface SubmitCommandOptions {
  readonly redis: string;
  readonly actions: readonly string[];
  readonly input: readonly string[];
  readonly inputs: readonly string[];
  readonly parallel?: number;
  readonly runId?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** Hands a pipeline to the coordinators of a Redis, and tells the name of its run. */
export const submitCommand = async (
  file: string,
  options: SubmitCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const { redis, actions, parallel, follow = false, json = false } = options;
  const registry = actions.length === 0 ? undefined : await actionsFrom(actions);
  const { graph, plan, warnings } = await readPipeline(file, { registry: registry ?? anyAction });
  const inputs = await inputsFrom(options.input, options.inputs);
  for (const warning of [
    ...warnings.map(showFileError),
    ...checkInputs(plan, inputs).map((text) => `warning: ${text}`),
  ])
    terminal.tell(warning);
  const store = await openStore(redis);
  const { submitRun } = await import('../remote/coordinator/submitRun.js');
  const runId = options.runId ?? randomUUID();
  const config = parallel === undefined ? {} : { config: { maxParallelNodes: parallel } };
  await asUsageLater(() =>
    submitRun(store, graph, { runId, inputs, now: Date.now(), ...config, ...(registry && { registry }) }),
  );
  if (follow) {
    terminal.tell(`Submitted as ${runId}.`);
    return tailCommand(runId, { db: redis, json }, terminal);
  }
  if (json) terminal.json({ runId });
  else terminal.out(`${runId}\n`);
  return exitCode.success;
};

/** What a coordinator has is known there. */
const anyAction: ActionRegistry = Object.assign(new ActionRegistry(), { has: () => true });
