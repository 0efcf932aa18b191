import type { Json } from '../../lib/index.js';
import type { Finding } from './Conversation.js';
import type { ToolCall } from './toolCalls.js';

/** A call of a tool, and what must be known before its arguments are: numbers, or what other steps give. */
export interface Step {
  readonly tool: string;
  readonly needs: readonly (number | Step)[];
  readonly args: (values: readonly number[]) => Readonly<Record<string, Json>>;
  /** What the result is in, where the tool does not know it. */
  readonly unit?: string;
}

/** What a tool has found for a step. */
export type Found = Finding & Pick<Step, 'unit'>;

/** How far a step has come. */
export interface Progress {
  /** What the tools have found for it, in the order in which it was needed. */
  readonly found: readonly Found[];
  /** What it gives; undefined while that is not known, or if a tool could not do its part. */
  readonly value?: Json;
  /** The calls that can be made now: none if it is at its end. */
  readonly calls: readonly ToolCall[];
}

/** Tells how far a step has come, from the findings alone: a call that has been made is known by its name and arguments. */
export const progressOf = (step: Step, findings: readonly Finding[]): Progress => {
  const needs = step.needs.map((need): Progress =>
    typeof need === 'number' ? { found: [], value: need, calls: [] } : progressOf(need, findings),
  );
  const found = needs.flatMap((need) => need.found);
  const values = needs.map(({ value }) => value);
  if (!values.every((value) => typeof value === 'number')) return { found, calls: needs.flatMap(({ calls }) => calls) };

  const call: ToolCall = { name: step.tool, arguments: step.args(values) };
  const own = findings.find(({ tool_name, args }) => isSame({ name: tool_name, arguments: args }, call));
  if (own === undefined) return { found, calls: [call] };
  const cited: Found = step.unit === undefined ? own : { ...own, unit: step.unit };
  return { found: [...found, cited], calls: [], ...(own.result === undefined ? {} : { value: own.result }) };
};

/** A step writes its arguments in the same order each time, and a log keeps that order. */
export const isSame = (a: ToolCall, b: ToolCall): boolean =>
  a.name === b.name && JSON.stringify(a.arguments) === JSON.stringify(b.arguments);
