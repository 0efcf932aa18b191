import { from, isObservable, type Observable } from 'rxjs';
import type { Gate, HookContext, SupervisorHookV2 } from '../hooks/Hook.js';
import type { NodeState } from '../model/ExecutorSnapshot.js';
import { show } from '../model/explain.js';
import { failureOf } from '../model/Failure.js';
import { toJson, type Json } from '../model/Json.js';
import type { GateAnswer } from '../state/Input.js';
import { Listener } from '../hooks/Listener.js';
import type { Posted } from './Posted.js';
import type { Timers } from './Timers.js';

/** A node whose gates are asked, with the seq of the NodeStarting that they answer. */
export interface Gated {
  readonly index: number;
  readonly seq: number;
  readonly node: NodeState;
}

interface Asked {
  readonly name: string;
  readonly methods: SupervisorHookV2;
  readonly ctx: HookContext;
}

interface GateStage {
  readonly timers: Timers;
  readonly hookTimeoutMs: number;
  readonly post: (input: Posted) => void;
  readonly mark: (index: number, hook: string, on: boolean) => void;
}

/** Asks gates in hook order: rewritten inputs pass on, the first skip or fail wins, a throw or timeout fails the node. */
export const askGates = (gates: readonly Asked[], gated: Gated, stage: GateStage): void => {
  const { index, seq } = gated;
  let { node } = gated;
  let inputs: Readonly<Record<string, Json>> | undefined;
  let by = gates[0]?.name ?? '';
  let at = 0;
  const tell = (hook: string, answer: GateAnswer): void => stage.post({ type: 'Gate', index, seq, hook, answer });
  const broken = (hook: string, error: unknown): void => {
    const failure = failureOf(error);
    stage.post({ type: 'HookFailed', hook, error: failure, cause: seq });
    tell(hook, { type: 'fail', error: failure });
  };
  /** Takes one answer; true: ask the next gate. */
  const heed = (hook: string, answer: unknown): boolean => {
    let gate: GateAnswer;
    try {
      gate = gateOf(hook, answer);
    } catch (error) {
      broken(hook, error);
      return false;
    }
    if (gate.type !== 'proceed') {
      tell(hook, gate);
      return false;
    }
    if (gate.inputs !== undefined) {
      inputs = gate.inputs;
      by = hook;
      node = Object.create(node, {
        spec: { value: Object.freeze({ ...node.spec, inputs }), enumerable: true },
      }) as NodeState;
    }
    return true;
  };
  const go = (): void => {
    while (at < gates.length) {
      const { name, methods, ctx } = gates[at++]!;
      let answer: unknown;
      try {
        answer = methods.beforeNodeStart!(ctx, node);
        if (isLater(answer)) return wait(name, answer);
      } catch (error) {
        return broken(name, error);
      }
      if (!heed(name, answer)) return;
    }
    tell(by, { type: 'proceed', ...(inputs === undefined ? {} : { inputs }) });
  };
  const wait = (name: string, later: object): void => {
    let over = false;
    let listener: Listener<Gate> | undefined;
    const end = (then: () => void): void => {
      if (over) return;
      over = true;
      cancel();
      listener?.unsubscribe();
      stage.mark(index, name, false);
      then();
    };
    stage.mark(index, name, true);
    const cancel = stage.timers.set(stage.hookTimeoutMs, () =>
      end(() =>
        broken(
          name,
          new DOMException(`Gate "${name}" has not answered within ${stage.hookTimeoutMs} ms`, 'TimeoutError'),
        ),
      ),
    );
    const answered = (answer: unknown): void =>
      end(() => {
        if (heed(name, answer)) go();
      });
    const failed = (error: unknown): void => end(() => broken(name, error));
    try {
      if (isObservable(later)) {
        listener = new Listener<Gate>({ next: answered, error: failed, complete: () => answered(undefined) });
        listener.listenTo(from(later as Observable<Gate>));
      } else (later as PromiseLike<Gate>).then(answered, failed);
    } catch (error) {
      failed(error);
    }
  };
  go();
};

const isLater = (answer: unknown): answer is object =>
  typeof answer === 'object' &&
  answer !== null &&
  (isObservable(answer) || typeof (answer as { then?: unknown }).then === 'function');

const gateOf = (hook: string, answer: unknown): GateAnswer => {
  if (answer === undefined || answer === null || answer === 'proceed') return { type: 'proceed' };
  if (typeof answer === 'object') {
    const { inputs, skip, fail, output } = answer as {
      inputs?: unknown;
      skip?: unknown;
      fail?: unknown;
      output?: unknown;
    };
    if (typeof skip === 'string')
      return { type: 'skip', reason: skip, ...(output === undefined ? {} : { output: toJson(output) }) };
    if (typeof fail === 'string') return { type: 'fail', error: { name: 'GateFailed', message: fail } };
    const json = inputs === undefined ? null : toJson(inputs);
    if (typeof json === 'object' && json !== null && !Array.isArray(json))
      return { type: 'proceed', inputs: json as Readonly<Record<string, Json>> };
  }
  throw new TypeError(
    `Gate "${hook}" answered with ${show(answer)}; a gate says nothing, 'proceed', { inputs }, { skip } or { fail }.`,
  );
};
