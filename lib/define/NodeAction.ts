import type * as t from 'io-ts';
import type { Observable } from 'rxjs';
import type { TaskEither } from '#fp-ts/TaskEither';
import type { Json } from '../model/Json.js';
import type { Cache } from './Cache.js';

/** What an action gets. */
export interface NodeContext<I = any> {
  readonly runId: string;
  readonly dagName: string;
  readonly nodeId: string;
  /** From 1. */
  readonly attempt: number;
  /** The node's inputs, references replaced by what they point at, decoded by the action's input codec. */
  readonly inputs: I;
  /** The item and its index (from 0), where the node stands for one item of a fan-out. */
  readonly item?: Json;
  readonly index?: number;
  /** The run's cache. */
  readonly cache: Cache;
  /** What the run was started with. */
  readonly appData: unknown;
  /** Aborted on timeout, cancellation and unsubscription. */
  readonly signal: AbortSignal;
  /** `runId/nodeId`: the same for every attempt and delivery, also after a crash. A `/` in the run's id is written `%2F` there, and a `%` `%25`. */
  readonly idempotencyKey: string;
  /** Tells an intermediate value, as a `NodeProgressed` event; refreshes the idle timeout. */
  progress(value: Json): void;
}

/**
 * What an action does. An Observable's or async iterable's values are progress, the last one is the output; arrays and
 * strings are values. A `TaskEither` is called; its `Left` fails the node.
 */
export type Execute<I, O> = (
  ctx: NodeContext<I>,
) => O | PromiseLike<O> | Observable<O> | AsyncIterable<O> | TaskEither<unknown, O>;

/** The output of an action whose `execute` gives `R`; anything where it never gives one. */
export type OutputOf<R> = [Unwrapped<R>] extends [never] ? any : Unwrapped<R>;
type Unwrapped<R> =
  R extends PromiseLike<infer O>
    ? O
    : R extends Observable<infer O>
      ? O
      : R extends AsyncIterable<infer O>
        ? O
        : R extends TaskEither<any, infer O>
          ? O
          : R;

/** User code under a name, of which nodes are made: takes inputs `I`, gives an output `O`. Made by `action`. */
export interface NodeAction<I = any, O = any> {
  readonly name: string;
  readonly version: string;
  /** Decodes the inputs before the action starts; a mismatch fails the node. */
  readonly input?: t.Type<I, any, any>;
  /** Encodes the output after it. */
  readonly output?: t.Type<O, any, any>;
  /** Where its nodes run unless they say otherwise: 'local' or `pool:name`. */
  readonly placement?: string;
  readonly description?: string;
  readonly execute: Execute<I, O>;
}
