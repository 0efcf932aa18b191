/** A tool's refusal, in one sentence: an answer that the model can work with, and that no second attempt would change. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
