/** The colours that a canvas paints with: what an element's custom properties come to, until the theme changes. */
export class Colours {
  readonly #element: Element;
  readonly #known = new Map<string, string>();

  constructor(element: Element) {
    this.#element = element;
  }

  /** The value of a custom property, as `--dag-edge`. */
  of(name: string): string {
    let colour = this.#known.get(name);
    if (colour === undefined) {
      colour = getComputedStyle(this.#element).getPropertyValue(name).trim() || '#888888';
      this.#known.set(name, colour);
    }
    return colour;
  }

  /** Reads all anew. */
  forget(): void {
    this.#known.clear();
  }
}

/** Tells when the theme has changed, by whoever changed it. Returns what ends that. */
export const onTheme = (changed: () => void): (() => void) => {
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'].map((query) =>
    matchMedia(query),
  );
  for (const query of queries) query.addEventListener('change', changed);
  document.addEventListener('dag-theme', changed);
  return () => {
    for (const query of queries) query.removeEventListener('change', changed);
    document.removeEventListener('dag-theme', changed);
  };
};

/** The themes that a user may choose; undefined follows the system. */
export type Theme = 'dark' | 'light' | 'contrast' | undefined;

/** Sets the document's theme and tells all who paint. */
export const setTheme = (theme: Theme): void => {
  if (theme === undefined) delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  document.dispatchEvent(new CustomEvent('dag-theme'));
};
