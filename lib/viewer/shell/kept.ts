/** What the viewer remembers between visits; where a browser keeps nothing, nothing is remembered. */
export const kept = {
  read(key: string): string | undefined {
    try {
      return localStorage.getItem(`rxdag.${key}`) ?? undefined;
    } catch {
      return undefined;
    }
  },
  write(key: string, value: string): void {
    try {
      localStorage.setItem(`rxdag.${key}`, value);
    } catch {
      // Nothing depends on it.
    }
  },
};
