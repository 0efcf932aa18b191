/** Calls back in a new macrotask, as soon as the platform lets it: after I/O and due timers had their turn. */
export const macrotask: (callback: () => void) => void = (() => {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (typeof setImmediate === 'function') return (callback) => void setImmediate(callback);
  if (typeof MessageChannel !== 'function') return (callback) => void setTimeout(callback, 0);
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (callback) => {
    waiting.push(callback);
    port2.postMessage(0);
  };
})();

const UNBROKEN_MS = 12;

/** Watches how long work has gone on without a macrotask in between: after 12 ms timers, I/O and signals get a turn. */
export class Pacer {
  private since = 0;
  private isMarked = false;
  private after: (() => void) | undefined;
  private calls = 0;

  /** Work begins or goes on. */
  begin(): void {
    if (this.isMarked) return;
    this.isMarked = true;
    this.since = performance.now();
    macrotask(() => {
      this.isMarked = false;
      const go = this.after;
      this.after = undefined;
      go?.();
    });
  }

  /** Whether others must have their turn first; `again` is called after that. */
  mustRest(again: () => void): boolean {
    if (this.after !== undefined) return true;
    if ((++this.calls & 7) !== 0 || performance.now() - this.since < UNBROKEN_MS) return false;
    this.after = again;
    return true;
  }
}
