import { randomUUID } from 'node:crypto';
import { ActionRegistry } from '../index.js';
import { showFileError } from '../formats/yaml/index.js';
import { actionsFrom } from './actionsFrom.js';
import { asUsageLater } from './asUsage.js';
import { checkInputs, inputsFrom } from './inputsFrom.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { openStore, type KeptRuns } from './openStore.js';
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
    setTimeout(() => void tellIdle(store, runId, terminal), PATIENCE_MS).unref();
    return tailCommand(runId, { db: redis, json }, terminal);
  }
  if (json) terminal.json({ runId });
  else terminal.out(`${runId}\n`);
  return exitCode.success;
};

const PATIENCE_MS = 5_000;

const tellIdle = async (store: KeptRuns, runId: string, terminal: Terminal): Promise<void> => {
  const found = await store.runs({ runId, withOwner: true })();
  if (found._tag === 'Right' && found.right[0]?.seq === 1 && found.right[0].owner === undefined)
    terminal.tell(
      'warning: No coordinator has taken the run yet. There is none, they have no room, or they refuse it and say why: rxdag coordinate.',
    );
};

/** What a coordinator has is known there. */
const anyAction: ActionRegistry = Object.assign(new ActionRegistry(), { has: () => true });
