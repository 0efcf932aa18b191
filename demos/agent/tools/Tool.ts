import type { Json } from '../../../lib/index.js';

/** What a tool is called with, as the model wrote it. */
export type Args = Readonly<Record<string, Json>>;

/** Something a model may ask for by name. What it can't do it says by a `ToolError`; anything else it throws is a breakdown. */
export interface Tool {
  readonly name: string;
  readonly run: (args: Args, signal: AbortSignal) => Json | Promise<Json>;
}
