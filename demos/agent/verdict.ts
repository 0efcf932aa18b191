import type { Json } from '../../lib/index.js';

/** What a person has said about an answer. */
export interface Verdict {
  readonly approved: boolean;
  /** Why not, in the person's words; empty where none were given. */
  readonly reason: string;
}

/** Reads yes, y, ok, true or approved, or `{ approved, reason }`; anything else is a no, and says why. */
export const readVerdict = (said: Json): Verdict => {
  if (typeof said === 'object' && said !== null && 'approved' in said) {
    const reason = 'reason' in said && typeof said['reason'] === 'string' ? said['reason'] : '';
    return { approved: said['approved'] === true, reason };
  }
  if (said === true) return { approved: true, reason: '' };
  if (typeof said !== 'string') return { approved: false, reason: '' };
  return /^(?:yes|y|ok|true|approved?)[.!]?$/i.test(said.trim())
    ? { approved: true, reason: '' }
    : { approved: false, reason: said.trim().replace(/^(?:no|n|false)(?:[\s,:;.-]+|$)/i, '') };
};
