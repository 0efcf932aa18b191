interface Immediate {
  readonly setImmediate?: (work: () => void) => unknown;
}

/** Lets one turn of the event loop pass: all promises that can settle without a timer have gone one round on. */
export const macrotask = (): Promise<void> =>
  new Promise((resolve) => {
    const { setImmediate } = globalThis as Immediate;
    if (setImmediate !== undefined) setImmediate(resolve);
    else if (typeof MessageChannel === 'undefined') setTimeout(resolve);
    else {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => {
        port1.close();
        resolve();
      });
      port1.start();
      port2.postMessage(null);
    }
  });

/** Lets real time pass, so that timers and input can come in as well. */
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** Lets turns pass until `mark` has stayed the same for `turns` of them in a row. */
export const quiet = async (mark: () => unknown, turns = 3): Promise<void> => {
  let last = mark();
  for (let still = 0; still < turns; still++) {
    await macrotask();
    const now = mark();
    if (now !== last) {
      last = now;
      still = -1;
    }
  }
};
