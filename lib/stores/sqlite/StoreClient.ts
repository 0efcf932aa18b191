/** A class whose public members are methods, `close` among them. */
export type Served<S> = Record<keyof S, (...args: any[]) => unknown> & { close(): void };

export type Result<S, K extends keyof S> = S[K] extends (...args: any[]) => infer R ? R : never;
export type Arguments<S, K extends keyof S> = S[K] extends (...args: infer A) => unknown ? A : never;

/** A database behind promises; calls are done in order, and reject with a `Fault`. */
export interface StoreClient<S extends Served<S>> {
  call<K extends keyof S>(method: K, ...args: Arguments<S, K>): Promise<Result<S, K>>;
  close(): Promise<void>;
}
