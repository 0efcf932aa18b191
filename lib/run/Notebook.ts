import type { ActionRegistry } from '../define/ActionRegistry.js';
import type { CommandRefusal } from '../model/DagExecutionReport.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Json } from '../model/Json.js';
import type { Refusal } from '../state/decide.js';
import type { Input } from '../state/Input.js';
import type { Notes } from '../state/report.js';
import type { RunState } from '../state/RunState.js';
import { commandJson } from '../state/step.js';

const LISTED_MAX = 1_000;

/** Gathers what a report tells beside the final state; lists stop at 1,000 and say how many more there were. */
export class Notebook {
  private readonly warnings: string[];
  private readonly registry: ActionRegistry;
  private readonly refusedCommands: CommandRefusal[] = [];
  private readonly hookFailures: Notes['hookFailures'][number][] = [];
  private refusals = 0;
  private failures = 0;

  constructor(warnings: string[], registry: ActionRegistry) {
    this.warnings = warnings;
    this.registry = registry;
  }

  hear(event: ExecutionEvent, state: RunState): void {
    if (event.type === 'HookFailed') {
      if (this.failures++ < LISTED_MAX) this.hookFailures.push({ hook: event.hook, error: event.error });
    } else if (event.type === 'NodeFailed') {
      const { failureAction } = state.nodes.get(state.find(event.nodeId)!).spec;
      if (failureAction && !this.registry.has(failureAction) && this.warnings.length < LISTED_MAX)
        this.warnings.push(
          `The failure action "${failureAction}" of node "${event.nodeId}" is not registered; it did not run.`,
        );
    }
  }

  /** Notes what the log of a resumed run tells of the time before. */
  recall(event: ExecutionEvent, state: RunState): void {
    this.hear(event, state);
    if (event.type === 'CommandRefused' && this.refusals++ < LISTED_MAX)
      this.refusedCommands.push(
        Object.freeze({ command: event.command, reason: event.reason, type: 'Refused', ...byOf(event.by) }),
      );
  }

  /** Notes a refusal; its command is the one that the log shows, if it does. */
  refuse(input: Input, { type, reason }: Refusal, event: ExecutionEvent | undefined): CommandRefusal {
    const given: Json =
      input.type === 'Command' ? commandJson(input.command) : input.type === 'Malformed' ? input.command : null;
    const isListed = event?.type === 'CommandRefused';
    const shown = isListed ? { command: event.command, reason: event.reason } : { command: given, reason };
    const origin = input.type === 'Command' || input.type === 'Malformed' ? input.origin.by : undefined;
    const refusal = Object.freeze({ ...shown, type, ...byOf(origin) });
    if (isListed && this.refusals++ < LISTED_MAX) this.refusedCommands.push(refusal);
    return refusal;
  }

  close(outputs: Notes['outputs']): Notes {
    const { warnings, refusedCommands, hookFailures, refusals, failures } = this;
    if (refusals > LISTED_MAX) warnings.push(`${refusals - LISTED_MAX} more commands were refused than are listed.`);
    if (failures > LISTED_MAX) warnings.push(`${failures - LISTED_MAX} more hook failures happened than are listed.`);
    return { warnings, refusedCommands, hookFailures, outputs };
  }
}

const byOf = (by: string | undefined): { readonly by?: string } => (by === undefined ? {} : { by });
