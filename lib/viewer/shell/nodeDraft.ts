import { isLeft } from '#fp-ts/Either';
import type { Json } from '../../model/Json.js';
import { explain } from '../../model/explain.js';
import { NodeSpec } from '../../model/NodeSpec.js';
import { checkId } from '../../plan/checkId.js';
import { bindNode } from '../../plan/references.js';
import { parsedJson } from '../dom/parsedJson.js';
import { shown } from '../dom/shown.js';

/** A node as somebody fills it into a form, field by field. */
export interface NodeDraft {
  readonly id: string;
  readonly action: string;
  readonly deps: readonly string[];
  readonly inputs: string;
  readonly branch: string;
  readonly estimate: string;
}

/** What a draft comes to: a node, or all that is wrong with it in sentences. */
export interface Drafted {
  readonly spec: NodeSpec | undefined;
  readonly errors: readonly string[];
  /** All that it would wait for, references in its inputs included. */
  readonly waitsFor: readonly string[];
}

/** Checks a draft against the nodes that exist, as the run will do it once more. */
export const readDraft = (draft: NodeDraft, exists: (id: string) => boolean): Drafted => {
  const errors: string[] = [];
  const fields: Record<string, unknown> = { action: draft.action };
  if (draft.action === '') errors.push('An action is missing.');
  if (draft.id !== '') {
    fields['id'] = draft.id;
    const flaw = checkId(draft.id);
    if (flaw !== undefined) errors.push(flaw);
    else if (exists(draft.id)) errors.push(`A node “${shown(draft.id)}” exists already.`);
  }
  if (draft.deps.length > 0) fields['deps'] = draft.deps;
  if (draft.branch !== '') fields['branch'] = draft.branch;
  if (draft.estimate.trim() !== '') fields['estimateMs'] = Number(draft.estimate);
  if (draft.inputs.trim() !== '') {
    const parsed: { readonly value: Json } | { readonly error: string } = parsedJson(draft.inputs);
    if ('error' in parsed) errors.push(`Inputs: ${parsed.error}`);
    else fields['inputs'] = parsed.value;
  }
  const decoded = NodeSpec.decode(fields);
  if (isLeft(decoded)) return { spec: undefined, errors: [...errors, ...explain(decoded.left)], waitsFor: draft.deps };
  const spec = decoded.right;
  const { deps, errors: unbound } = bindNode(spec, (id) => (id === spec.id || exists(id) ? 0 : undefined));
  for (const { message } of unbound) errors.push(`The ${message}`);
  for (const dep of deps)
    if (dep === spec.id) errors.push(`A cycle: “${shown(dep)}” would wait for itself.`);
    else if (!exists(dep)) errors.push(`It depends on “${shown(dep)}”, which does not exist.`);
  return { spec: errors.length === 0 ? spec : undefined, errors, waitsFor: deps };
};
