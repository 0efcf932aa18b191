import type { Json } from '../../model/Json.js';
import { make } from '../dom/make.js';
import { countText, shown, shownLines } from '../dom/shown.js';

const ITEMS_AT_ONCE = 100;
const TEXT_AT_ONCE = 300;
const MORE_TEXT = 20_000;

type Path = readonly string[];

/** A value as a tree that is built as far as it is opened: a huge one costs no more than what is looked at. */
export class JsonTree {
  readonly element = make('div', { class: 'json mono' });
  /** Which parts are open, by path, so that they stay so when the value changes. */
  readonly #open = new Set<string>(['[]']);
  #value: Json | undefined;

  /** Shows another value; nothing is built again for the same one. */
  show(value: Json | undefined): void {
    if (value === this.#value && this.element.firstChild !== null) return;
    this.#value = value;
    this.element.replaceChildren(...(value === undefined ? [] : [this.#part(undefined, value, [])]));
  }

  #part(key: string | undefined, value: Json, path: Path): HTMLElement {
    const name = key === undefined ? undefined : make('span', { class: 'key' }, `${shown(key, 80)}: `);
    if (typeof value !== 'object' || value === null) return make('div', { class: 'leaf' }, name, leaf(value));
    const keys = Array.isArray(value) ? undefined : Object.keys(value);
    const size = keys?.length ?? (value as readonly Json[]).length;
    const kind = keys === undefined ? `[${countText(size)}]` : `{${countText(size)}}`;
    if (size === 0) return make('div', { class: 'leaf' }, name, keys === undefined ? '[]' : '{}');
    const place = JSON.stringify(path);
    const body = make('div', { class: 'items' });
    const isOpen = this.#open.has(place);
    let built = 0;
    const more = make('button', { class: 'link', onclick: () => build() });
    const build = (): void => {
      const to = Math.min(size, built + ITEMS_AT_ONCE);
      for (; built < to; built++) {
        const inner = keys?.[built] ?? String(built);
        const item = keys === undefined ? (value as readonly Json[])[built]! : (value as Record<string, Json>)[inner]!;
        body.append(this.#part(inner, item, [...path, inner]));
      }
      more.textContent = `show more (${countText(size - built)} left)`;
      if (built < size) body.append(more);
      else more.remove();
    };
    if (isOpen) build();
    const details = make('details', {
      ontoggle: () => {
        if (details.open) this.#open.add(place);
        else this.#open.delete(place);
        if (details.open && built === 0) build();
      },
    });
    details.open = isOpen;
    details.append(make('summary', {}, name, make('span', { class: 'muted' }, kind)), body);
    return details;
  }
}

const leaf = (value: string | number | boolean | null): HTMLElement => {
  if (typeof value !== 'string') return make('span', { class: value === null ? 'muted' : 'number' }, String(value));
  const text = make('span', { class: 'text' }, shownLines(value.slice(0, TEXT_AT_ONCE)));
  if (value.length <= TEXT_AT_ONCE) return text;
  let told = TEXT_AT_ONCE;
  const more = make('button', {
    class: 'link',
    onclick: () => {
      told = Math.min(value.length, told + MORE_TEXT);
      text.textContent = shownLines(value.slice(0, told));
      label();
    },
  });
  const label = (): void => {
    more.textContent = `show more (${countText(value.length - told)} characters left)`;
    more.hidden = told >= value.length;
  };
  label();
  return make('span', {}, text, ' ', more);
};
