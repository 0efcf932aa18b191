/** An error that trying again would not mend. */
export class Hopeless extends Error {}

export const asHopeless = (error: unknown): Hopeless =>
  new Hopeless(String((error as Error | undefined)?.message ?? error), { cause: error });

/** `instanceof` that no proxy's trap can break. */
export const isOf = <E>(value: unknown, type: abstract new (...args: never[]) => E): value is E => {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
};
