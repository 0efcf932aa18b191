import { SHOWN_MAX } from '../model/explain.js';
import { MASK } from './redact.js';

/** Shorter texts would be found everywhere. */
const LENGTH_MIN = 4;

/** Texts that stand under redacted keys, so that they are found wherever else they turn up: as they are, or as JSON writes them. */
export class Secrets {
  /** By their first characters; lengths from long to short. */
  readonly #byHead = new Map<string, { readonly texts: Set<string>; lengths: readonly number[] }>();

  add(secret: string): void {
    for (const text of [secret, secret.slice(0, SHOWN_MAX)])
      for (const form of [text, JSON.stringify(text).slice(1, -1)]) {
        if (form.length < LENGTH_MIN || form === MASK) continue;
        const head = form.slice(0, LENGTH_MIN);
        let alike = this.#byHead.get(head);
        if (alike === undefined) this.#byHead.set(head, (alike = { texts: new Set(), lengths: [] }));
        alike.texts.add(form);
        if (!alike.lengths.includes(form.length)) alike.lengths = [...alike.lengths, form.length].sort((a, b) => b - a);
      }
  }

  /** A text with the mask in place of every secret. */
  hide(text: string): string {
    let hidden = '';
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const alike = this.#byHead.get(text.slice(at, at + LENGTH_MIN));
      const length = alike?.lengths.find((one) => alike.texts.has(text.slice(at, at + one)));
      if (length === undefined) continue;
      hidden += text.slice(from, at) + MASK;
      from = at + length;
      at = from - 1;
    }
    return hidden + text.slice(from);
  }
}
