import type { Json } from '../../model/Json.js';

/** What a text is as JSON, or what is wrong with it. */
export const parsedJson = (text: string): { readonly value: Json } | { readonly error: string } => {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (thrown) {
    return { error: `This is not JSON (${(thrown as Error).message.slice(0, 120)}); texts stand in double quotes.` };
  }
};
