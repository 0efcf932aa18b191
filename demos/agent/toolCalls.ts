import type { Json } from '../../lib/index.js';

/** One tool that a model asks for. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, Json>>;
}

/** Something in a model's output that should have been a tool call; `index` is its place in the list, from 0. */
export interface MalformedCall {
  readonly index: number;
  readonly reason: string;
}

/** Reads `tool_calls: [{ name, arguments }]` of a model's output, which may be anything. */
export const readToolCalls = (
  output: Json,
): { readonly calls: readonly ToolCall[]; readonly malformed: readonly MalformedCall[] } => {
  const listed = isObject(output) ? (output['tool_calls'] ?? []) : [];
  if (!Array.isArray(listed)) return { calls: [], malformed: [{ index: 0, reason: 'tool_calls is not a list' }] };
  const calls: ToolCall[] = [];
  const malformed: MalformedCall[] = [];
  for (const [index, call] of (listed as readonly Json[]).entries()) {
    const reason = flawOf(call);
    if (reason === undefined) calls.push(call as unknown as ToolCall);
    else malformed.push({ index, reason });
  }
  return { calls, malformed };
};

const flawOf = (call: Json): string | undefined => {
  if (!isObject(call)) return 'it is not an object';
  if (typeof call['name'] !== 'string' || call['name'] === '') return 'it has no name';
  return isObject(call['arguments']) ? undefined : 'its arguments are not an object';
};

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
