import type { Json } from '../../lib/index.js';
import type { MalformedCall } from './toolCalls.js';

/** What one tool has found, or why it has not. */
export interface Finding {
  /** The node that ran it, which the answer cites. */
  readonly node: string;
  readonly tool_name: string;
  readonly args: Readonly<Record<string, Json>>;
  readonly result?: Json;
  readonly error?: string;
}

/** All that a model knows: it remembers nothing from one time to the next. */
export interface Conversation {
  readonly task: string;
  /** How many rounds of tools there have been. */
  readonly rounds: number;
  /** In the order in which the tools were asked for. */
  readonly findings: readonly Finding[];
  /** Its own calls that were malformed. */
  readonly malformed: readonly MalformedCall[];
}

/** What a model says: `{ tool_calls: [{ name, arguments }] }`, or its final answer as `{ content }`. */
export type Reply = Readonly<Record<string, Json>>;

/** A language model, seen from here. */
export type Model = (conversation: Conversation, signal: AbortSignal) => Reply | Promise<Reply>;
