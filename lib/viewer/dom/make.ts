/** What `make` takes as a child. */
export type Child = Node | string | false | undefined;

/**
 * Makes an element. Functions become properties (`onclick`), `true` an attribute without a value; `false` and undefined
 * set nothing, but what ARIA says is said in words. Texts are never read as markup.
 */
export const make = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  traits: Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(traits)) {
    if (typeof value === 'function') Reflect.set(element, name, value);
    else if (value === true && !name.startsWith('aria-')) element.setAttribute(name, '');
    else if (value !== undefined && (value !== false || name.startsWith('aria-')))
      element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== false && child !== undefined));
  return element;
};

/** Sets an element's text where it differs, so that what has not changed costs no layout. */
export const setText = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text;
};

/** Sets an attribute where it differs. */
export const setTrait = (element: Element, name: string, value: string | number | boolean): void => {
  const text = String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
};
