/** What a model's node is called tells where it stands: the names of its helpers begin with `scope`, and count on from `number`. */
export interface LlmId {
  readonly scope: string;
  readonly number: number;
}

/**
 * Reads the id of a node that asks the model. `supervisor_start` begins at 0; any other supervisor, such as `second`, has
 * the scope `second:`, so that several in one run don't take each other's names. `provider_llm_7` goes on from 7.
 */
export const readLlmId = (id: string): LlmId => {
  const [, scope = '', number] = /^(.*:)?provider_llm_(\d+)$/s.exec(id) ?? [];
  if (number !== undefined) return { scope, number: Number(number) };
  return { scope: id === 'supervisor_start' ? '' : `${id}:`, number: 0 };
};
