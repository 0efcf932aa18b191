import type { DagConfig } from '../model/DagConfig.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import type { Failure } from '../model/Failure.js';
import type { Json } from '../model/Json.js';
import type { Plan } from '../plan/Plan.js';
import type { Refusal } from './decide.js';
import type { Origin } from './Turn.js';

/** What a gate has answered, decoded. */
export type GateAnswer =
  | { readonly type: 'proceed'; readonly inputs?: Readonly<Record<string, Json>>; readonly by?: string }
  | { readonly type: 'skip'; readonly reason: string; readonly output?: Json }
  | { readonly type: 'fail'; readonly error: Failure };

/** Everything that can move a run, whoever it comes from: the one kind of thing that the inbox holds. */
export type Input =
  | {
      readonly type: 'Start';
      readonly plan: Plan;
      readonly runId: string;
      readonly dagName: string;
      readonly config: DagConfig;
      readonly inputs: Readonly<Record<string, Json>>;
    }
  | { readonly type: 'Command'; readonly command: ExecutorCommand; readonly origin: Origin }
  | { readonly type: 'Malformed'; readonly command: Json; readonly refusal: Refusal; readonly origin: Origin }
  | {
      readonly type: 'Succeeded';
      readonly index: number;
      readonly attempt: number;
      readonly output: Json;
      /** Served from the result cache: the action was not called. */
      readonly cached?: true;
    }
  | {
      readonly type: 'Failed';
      readonly index: number;
      readonly attempt: number;
      readonly error: Failure;
      readonly final: boolean;
      readonly random: number;
    }
  | { readonly type: 'Stopped'; readonly index: number; readonly attempt: number; readonly abandoned: boolean }
  /** Whoever ran it elsewhere has given it up, without an end. */
  | { readonly type: 'Lost'; readonly index: number; readonly attempt: number; readonly reason: string }
  | { readonly type: 'Progressed'; readonly index: number; readonly attempt: number; readonly value: Json }
  | { readonly type: 'RetryDue'; readonly index: number; readonly attempt: number }
  | {
      readonly type: 'Gate';
      readonly index: number;
      readonly seq: number;
      readonly hook: string;
      readonly answer: GateAnswer;
    }
  | { readonly type: 'InputTimeout'; readonly index: number; readonly attempt: number }
  /** The first input of a resumed run. */
  | { readonly type: 'Recover' }
  | { readonly type: 'Deadline' }
  | { readonly type: 'HookFailed'; readonly hook: string; readonly error: Failure; readonly cause?: number }
  /** A hook has answered: what waited for it goes on. */
  | { readonly type: 'Answered'; readonly node: number | undefined }
  /**
   * The inbox is empty. `open`: hook work that is not done; `full`: a hook owes so many answers that nothing may start;
   * `slots`: how many of those that runs share this one may hold, its own limits apart.
   */
  | {
      readonly type: 'Schedule';
      readonly open: boolean;
      readonly full: boolean;
      readonly slots?: number | undefined;
    };
