/** Says of an action that did not heed its signal that it goes on unwatched. */
export const leftToItself = ({ message, name }: DOMException, graceMs: number): DOMException =>
  new DOMException(`${message}; it did not end within ${graceMs}ms after that and was left to itself`, name);
