import { takeWhile } from 'rxjs';
import type { Cache } from '../../define/Cache.js';
import type { Artifact } from './ArtifactTable.js';

interface Place {
  readonly namespace: string;
  readonly key: string;
}

/** What of a cache is not saved under an owner yet. */
export class UnsavedChanges {
  readonly #places = new Map<string, Place>();
  /** What was saved last; undefined if there is nothing that a delta could be added to. */
  version: string | undefined;

  /** Listens from now on, for as long as `isOpen`. */
  constructor(cache: Cache, isOpen: () => boolean) {
    cache.change$.pipe(takeWhile(isOpen)).subscribe((place) => this.#add(place));
  }

  get isNone(): boolean {
    return this.#places.size === 0;
  }

  /** Takes all of it out. */
  take(): readonly Place[] {
    const places = [...this.#places.values()];
    this.#places.clear();
    return places;
  }

  /** Puts back what could not be written. */
  putBack(places: readonly Place[]): void {
    for (const place of places) this.#add(place);
  }

  #add({ namespace, key }: Place): void {
    this.#places.set(JSON.stringify([namespace, key]), { namespace, key });
  }
}

/** Everything in a cache, to be written. */
export const artifactsOf = (cache: Cache): readonly Artifact[] =>
  Object.entries(cache.toJSON()).flatMap(([namespace, values]) =>
    Object.entries(values).map(([key, { value }]) => artifactOf(namespace, key, value)),
  );

/** What a cache has in these places now. */
export const artifactsIn = (cache: Cache, places: readonly Place[]): readonly Artifact[] =>
  places.map(({ namespace, key }) => artifactOf(namespace, key, cache.getInput(namespace, key)));

// As JSON, names too: a driver alters neither empty text nor text that is no well-formed Unicode.
const artifactOf = (namespace: string, key: string, value: unknown): Artifact => ({
  namespace: JSON.stringify(namespace),
  key: JSON.stringify(key),
  text: value === undefined ? undefined : JSON.stringify(value),
});
