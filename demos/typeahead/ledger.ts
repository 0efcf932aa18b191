import type { SupervisorHookV2 } from '../../lib/index.js';

/** What has become of one search. */
export interface Search {
  readonly runId: string;
  readonly q: string;
  outcome: 'running' | 'finished' | 'cancelled' | 'failed';
  /** Nodes whose signal has fired while they ran. */
  readonly stopped: string[];
  /** Pieces of work done by its actions, and how many of them after it was cancelled: none, one hopes. */
  steps: number;
  lateSteps: number;
}

/** Keeps the books of all searches: what their actions do, and what their runs tell a hook that only watches. */
export class Ledger {
  readonly searches = new Map<string, Search>();
  readonly hook: SupervisorHookV2;

  /** @param say - Told of each change, with the time of the event. */
  constructor(say: (at: number, search: Search, what: string) => void) {
    this.hook = {
      name: 'ledger',
      observe: true,
      onEvent: ({ runId }, event) => {
        if (event.type === 'RunStarted') {
          const q = event.inputs['q'] as string;
          this.searches.set(runId, { runId, q, outcome: 'running', stopped: [], steps: 0, lateSteps: 0 });
        }
        const search = this.searches.get(runId);
        if (search === undefined) return;
        if (event.type === 'RunStarted') say(event.at, search, 'starts');
        if (event.type === 'RunCancelling') {
          search.outcome = 'cancelled';
          say(event.at, search, 'is cancelled by a newer one');
        }
        if (event.type === 'RunSettled' && search.outcome === 'running') {
          search.outcome = event.success ? 'finished' : 'failed';
          say(event.at, search, `has ${search.outcome}`);
        }
      },
    };
  }

  /** An action begins: its signal is watched. */
  watch(runId: string, nodeId: string, signal: AbortSignal): void {
    signal.addEventListener('abort', () => this.searches.get(runId)?.stopped.push(nodeId), { once: true });
  }

  /** An action does a piece of its work. */
  step(runId: string): void {
    const search = this.searches.get(runId);
    if (search === undefined) return;
    search.steps++;
    if (search.outcome === 'cancelled') search.lateSteps++;
  }
}
