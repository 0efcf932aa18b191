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

/** Watches how long work has gone on without a macrotask in between. */
export interface Pacer {
  /** Work begins or goes on. */
  begin(): void;
  /** Whether others must have their turn first; `again` is called after that. */
  mustRest(again: () => void): boolean;
}

/** A pacer for the real clock: after 12 ms of unbroken work timers, I/O and signals get a turn. */
export const realPacer = (): Pacer => {
  let since = 0;
  let marked = false;
  let after: (() => void) | undefined;
  let calls = 0;
  return {
    begin() {
      if (marked) return;
      marked = true;
      since = performance.now();
      macrotask(() => {
        marked = false;
        const go = after;
        after = undefined;
        go?.();
      });
    },
    mustRest(again) {
      if (after !== undefined) return true;
      if ((++calls & 7) !== 0 || performance.now() - since < UNBROKEN_MS) return false;
      after = again;
      return true;
    },
  };
};
