import type { Timers } from './Timers.js';

/** What work gives, or an error where it takes longer, whatever comes of it then. */
export const within = <A>(ms: number, timers: Timers, late: string, work: () => Promise<A>): Promise<A> =>
  new Promise<A>((resolve, reject) => {
    const stop = timers.set(ms, () => reject(new Error(`${late} within ${ms} ms`)));
    const settled =
      <B>(tell: (value: B) => void) =>
      (value: B): void => {
        stop();
        tell(value);
      };
    work().then(settled(resolve), settled(reject));
  });
