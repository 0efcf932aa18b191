import type { EventBody, ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Failure } from '../model/Failure.js';
import type { Json } from '../model/Json.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import type { Plan } from '../plan/Plan.js';
import type { BoundNode, BoundRef } from '../plan/references.js';
import { keyTest } from './redact.js';
import { Secrets } from './Secrets.js';

/** The real values beside a state that shows masked ones: read by references, `when`, `forEach`, failure actions and the report. */
export interface Vault {
  readonly test: RegExp;
  readonly secrets: Secrets;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly outputs: Map<number, Json>;
  readonly errors: Map<number, Failure>;
  readonly bound: Map<number, BoundNode>;
  /** Specs of nodes that were added or given other inputs; the first ones are in the plan. */
  readonly specs: Map<number, NodeSpec>;
  /** What a resumed run has yet to get back. */
  lost?: Lost;
}

/** The real values that are gone with the process that had them, and how they come back. */
export interface Lost {
  /** Takes in an event of the log, before it is folded. */
  recall(event: ExecutionEvent): void;
  /** Hears what happens now, with its real values, before it is folded. */
  hear(body: EventBody): void;
  /** Whether a node's last output stands, though the node is to run again; throws where the reference reads a lost part of it. */
  stands(ref: BoundRef): boolean;
  lacksSpec(index: number): boolean;
  /** Puts a node's real spec into the vault; throws where it can't be had. */
  findSpec(index: number): void;
  /** Lets the nodes whose lost outputs a node is about to read run again first; false if there are none. */
  holdsBack(index: number): boolean;
}

/** The vault of a run that begins; undefined where nothing is redacted. */
export const newVault = (
  redact: readonly string[],
  { bound }: Plan,
  inputs: Readonly<Record<string, Json>>,
): Vault | undefined => {
  const test = keyTest(redact);
  return (
    test && {
      test,
      secrets: new Secrets(),
      inputs,
      outputs: new Map(),
      errors: new Map(),
      bound: new Map(bound),
      specs: new Map(),
    }
  );
};
