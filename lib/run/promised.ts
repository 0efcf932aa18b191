/** A Promise and what settles it. That it rejects kills nobody who did not ask for it. */
export const promised = <A, E>(): {
  readonly promise: Promise<A>;
  readonly resolve: (value: A) => void;
  readonly reject: (error: E) => void;
} => {
  let resolve!: (value: A) => void;
  let reject!: (error: E) => void;
  const promise = new Promise<A>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
};
