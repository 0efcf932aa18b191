import type { DagConfig } from '../../lib/model/DagConfig.js';
import type { ExecutionEvent } from '../../lib/model/ExecutionEvent.js';
import type { ExecutorCommand } from '../../lib/model/ExecutorCommand.js';
import type { Graph } from '../../lib/model/Graph.js';
import type { Json } from '../../lib/model/Json.js';

/** What the attempts of one node do. */
export interface Behaviour {
  /** How long each attempt lasts, in virtual milliseconds; 0 ends it inside the call that starts it. */
  readonly ms: number;
  /** How many attempts fail before one succeeds. */
  readonly fails: number;
  /** An attempt never ends by itself. */
  readonly hangs?: boolean;
  /** How many values each attempt reports before its last. */
  readonly progress?: number;
}

export interface TimedCommand {
  readonly atMs: number;
  readonly command: ExecutorCommand;
}

/** When a hook speaks: at the `nth` event of a type. */
export interface Trigger {
  readonly on: ExecutionEvent['type'];
  readonly nth: number;
}

/** What a hook of a simulated run does. */
export type HookPlan =
  | {
      readonly kind: 'answers';
      readonly form: 'operator' | 'methods';
      readonly trigger: Trigger;
      readonly commands: readonly ExecutorCommand[];
      /** How long it takes to answer; absent: it answers at once. */
      readonly delayMs?: number;
    }
  | {
      readonly kind: 'retries';
      readonly form: 'operator' | 'methods';
      /** How many failures it answers with RetryNode in all. */
      readonly times: number;
    }
  | {
      /** Adds a node after the first that succeeds, and another after every one that is added, until its budget is spent. */
      readonly kind: 'floods';
      readonly form: 'operator' | 'methods';
    }
  | {
      readonly kind: 'gate';
      /** Which starts it minds: every `every`th that it is asked about. */
      readonly every: number;
      readonly answer: 'proceed' | 'inputs' | 'skip' | 'output' | 'fail' | 'throws' | 'never';
      readonly delayMs?: number;
    }
  | {
      readonly kind: 'fails';
      readonly how: 'throws' | 'errors' | 'never' | 'nonsense' | 'gate';
      readonly trigger: Trigger;
      readonly observe?: boolean;
    };

/** One run, as data: whatever it does follows from this alone. */
export interface Case {
  readonly seed: number;
  readonly graph: Graph;
  /** The DAGs that `dag` nodes expand into. */
  readonly library: readonly Graph[];
  readonly inputs: Readonly<Record<string, Json>>;
  readonly config: Partial<DagConfig>;
  readonly behaviours: readonly (readonly [string, Behaviour])[];
  /** How likely a node without a behaviour of its own (an added or expanded one) fails. */
  readonly failRate: number;
  readonly hooks: readonly HookPlan[];
  readonly commands: readonly TimedCommand[];
  /** The store answers so many turns of the event loop late; absent: no store. */
  readonly storeTurns?: number;
}

/** A number from a seed and a text, always the same. */
export const hash = (seed: number, text: string): number => {
  let h = (seed ^ 0x811c9dc5) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> 0;
  return (h ^ (h >>> 13)) >>> 0;
};

/** What a node's attempts do: its own behaviour, or one that follows from its name. */
export const behaviourOf = (c: Case): ((id: string) => Behaviour) => {
  const known = new Map(c.behaviours);
  return (id) => {
    const own = known.get(id);
    if (own !== undefined) return own;
    const h = hash(c.seed, id);
    return {
      ms: h % 5 === 0 ? 0 : 1 + (h % 23),
      fails: (h >>> 8) % 1_000 < c.failRate * 1_000 ? 1 + ((h >>> 20) % 2) * 98 : 0,
    };
  };
};

/** What a node gives when it succeeds. */
export const outputOf = (id: string): { id: string; n: number; ok: boolean; list: readonly number[] } => {
  const h = hash(7, id);
  return { id, n: h % 7, ok: h % 3 > 0, list: Array.from({ length: (h >>> 4) % 4 }, (_, i) => i) };
};
