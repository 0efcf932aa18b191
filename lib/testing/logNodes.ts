import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import type { RetryStrategy } from '../model/RetryStrategy.js';
import type { LogNode, Phase } from './LogNode.js';
import type { LogState } from './LogState.js';

export const nodeStarting = (log: LogState, { nodeId }: EventOf<'NodeStarting'>): void => {
  const node = log.node(nodeId, 'its gates are asked', 'idle');
  if (node === undefined) return;
  log.begin(node, 'its gates are asked', true);
  node.asked = log.seq;
  log.move(node, 'starting');
};

export const nodeStarted = (log: LogState, { nodeId, attempt }: EventOf<'NodeStarted'>): void => {
  const node = log.node(nodeId, 'it starts', 'idle', 'starting', 'retrying');
  if (node === undefined) return;
  if (attempt !== node.attempt + 1) log.say('I3', `it starts attempt ${attempt} after attempt ${node.attempt}`, nodeId);
  log.begin(node, 'it starts', true);
  const most = Math.min(node.spec.tryCount ?? 1, log.config.maxAttempts);
  if (node.tries >= most)
    log.say('I3', `it starts for the ${node.tries + 1}. time, though tryCount allows ${most}`, nodeId);
  node.attempt = attempt;
  node.tries++;
  node.retryAt = 0;
  node.interrupted = false;
  log.move(node, 'running');
};

export const nodeWaiting = (log: LogState, { nodeId, on }: EventOf<'NodeWaiting'>): void => {
  const what = `it waits on ${on}`;
  const node = log.node(nodeId, what, 'idle', 'starting');
  if (node === undefined) return;
  // A parent that is tried again goes on waiting at once; nothing starts by that.
  if (node.children === undefined) log.begin(node, what, false);
  node.attempt++;
  log.move(node, 'waiting');
};

export const nodeProgressed = (log: LogState, { nodeId, attempt }: EventOf<'NodeProgressed'>): void => {
  const node = log.node(nodeId, 'it progresses', 'running');
  if (node !== undefined) checkAttempt(log, node, attempt, 'progresses');
};

export const nodeRetryScheduled = (log: LogState, event: EventOf<'NodeRetryScheduled'>): void => {
  const node = log.node(event.nodeId, 'a retry is scheduled', 'running');
  if (node === undefined) return;
  checkAttempt(log, node, event.attempt, 'is to be retried');
  const most = Math.min(node.spec.tryCount ?? 1, log.config.maxAttempts);
  if (node.tries >= most) log.say('I3', `a retry is scheduled after ${node.tries} of ${most} tries`, node.id);
  const [least, longest] = delays(node.spec.retry ?? log.config.retryStrategy, node.tries);
  if (event.delayMs < least - 1 || event.delayMs > longest + 1)
    log.say('I20', `its retry delay is ${event.delayMs} ms; its strategy gives ${least} to ${longest} ms`, node.id);
  node.retryAt = event.at + event.delayMs;
  log.move(node, 'retrying');
};

export const nodeInterrupted = (log: LogState, { nodeId, attempt }: EventOf<'NodeInterrupted'>): void => {
  const node = log.node(nodeId, 'it is interrupted', 'running');
  if (node === undefined) return;
  checkAttempt(log, node, attempt, 'is interrupted');
  node.tries--;
  node.interruptions++;
  node.interrupted = true;
  const { maxInterruptions } = log.config;
  if (node.interruptions > maxInterruptions + 1)
    log.say('I3', `it is interrupted ${node.interruptions} times; maxInterruptions is ${maxInterruptions}`, nodeId);
  log.move(node, 'idle');
};

export const nodeSucceeded = (log: LogState, event: EventOf<'NodeSucceeded'>): void => {
  const { nodeId, attempt, cached } = event;
  const node = log.node(nodeId, 'it succeeds', ...(cached ? FROM_CACHE : BY_WORK));
  if (node === undefined) return;
  if (node.phase === 'idle' || node.phase === 'starting') log.begin(node, 'it is served from the cache', false);
  else checkAttempt(log, node, attempt, 'succeeds');
  if (node.cancelledBy > 0 || log.status === 'cancelling')
    log.say('I15', 'it succeeds although it was cancelled while it ran', nodeId);
  const bad = node.children?.find(({ kind }) => kind === 'bad');
  if (bad !== undefined)
    log.say('I8', `it succeeds though "${bad.id}", which it was expanded into, is ${bad.phase}`, nodeId);
  node.isMasked = log.config.redact.length > 0 && JSON.stringify(event.output).includes('[redacted]');
  end(log, node, 'succeeded', 'good');
};

const FROM_CACHE: readonly Phase[] = ['running', 'idle', 'starting'];
const BY_WORK: readonly Phase[] = ['running', 'waiting'];

export const nodeFailed = (log: LogState, event: EventOf<'NodeFailed'>): void => {
  const { nodeId, attempt } = event;
  const known = log.graph.get(nodeId);
  const interrupted = known?.interrupted === true ? ['idle' as const] : [];
  const node = log.node(nodeId, 'it fails', 'running', 'waiting', 'starting', ...interrupted);
  if (node === undefined) return;
  checkGate(log, node, event);
  // A gate fails a node before its attempt.
  if (node.phase !== 'starting' || attempt !== 0) checkAttempt(log, node, attempt, 'fails');
  end(log, node, 'failed', node.spec.onFailure === 'continue' ? 'good' : 'bad');
};

export const nodeSkipped = (log: LogState, event: EventOf<'NodeSkipped'>): void => {
  const { nodeId, becauseOf, output } = event;
  const node = log.graph.get(nodeId);
  if (node?.phase === 'skipped') return log.say('I6', 'it is skipped a second time', nodeId);
  if (log.node(nodeId, 'it is skipped', 'idle', 'starting', 'waiting', 'retrying') === undefined || node === undefined)
    return;
  node.becauseOf = becauseOf;
  checkGate(log, node, event);
  if (becauseOf === undefined) return end(log, node, 'skipped', output === undefined ? 'void' : 'good');
  const { bad, void: purposely, good, open } = kindsOf(node);
  const any = node.spec.runIf === 'anySucceeded';
  const cause = log.graph.get(becauseOf);
  if (cause === undefined || cause.kind === undefined || cause.kind === 'good')
    log.say('I6', `it is skipped because of "${becauseOf}", which is ${cause?.phase ?? 'unknown'}`, nodeId);
  else if (node.spec.runIf === 'allDone')
    log.say('I6', `it is skipped because of "${becauseOf}", though its runIf is allDone`, nodeId);
  else if (any ? good + open > 0 : bad + purposely === 0)
    log.say('I6', `it is skipped because of "${becauseOf}", though its dependencies allow it to run`, nodeId);
  end(log, node, 'skipped', bad > 0 && cause?.kind !== 'void' ? 'bad' : 'void');
};

const kindsOf = (node: LogNode): { good: number; bad: number; void: number; open: number } => {
  const counts = { good: 0, bad: 0, void: 0, open: 0 };
  for (const { kind } of node.deps) counts[kind ?? 'open']++;
  return counts;
};

export const nodeCancelled = (log: LogState, { nodeId }: EventOf<'NodeCancelled'>): void => {
  const node = log.node(nodeId, 'it is cancelled', 'idle', 'starting', 'running', 'waiting', 'retrying');
  if (node === undefined) return;
  if (log.status !== 'cancelling' && node.cancelledBy === 0)
    log.say('I15', 'it is cancelled, though neither the run nor a branch of it is', nodeId);
  end(log, node, 'cancelled', 'bad');
};

export const nodeRetried = (log: LogState, { nodeId, revived }: EventOf<'NodeRetried'>): void => {
  // A resumed run gets redacted outputs back by running their nodes again.
  const restored = log.recovered && log.graph.get(nodeId)?.isMasked === true ? ['succeeded' as const] : [];
  const node = log.node(nodeId, 'it is tried again', 'failed', 'cancelled', ...restored);
  if (node === undefined) return;
  if (log.status === 'cancelling') log.say('I15', 'it is tried again in a cancelling run', nodeId);
  if (node.cancelledBy > 0) log.say('I15', 'it is tried again in a cancelled branch', nodeId);
  reopen(log, node);
  for (const id of revived) {
    const other = log.node(id, 'it is revived', 'skipped');
    if (other === undefined) continue;
    if (other.cancelledBy > 0) log.say('I15', 'it is revived in a cancelled branch', id);
    if (other.kind !== 'bad') log.say('I6', 'it is revived though it was skipped on purpose', id);
    const counts = kindsOf(other);
    if (other.spec.runIf === 'anySucceeded' ? counts.good + counts.open === 0 : counts.bad > 0)
      log.say('I6', 'it is revived though a dependency still stands against it', id);
    reopen(log, other);
  }
};

const reopen = (log: LogState, node: LogNode): void => {
  const { parent } = node;
  if (parent?.final === true)
    log.say('I8', `it is tried again though "${parent.id}", which it was expanded from, is ${parent.phase}`, node.id);
  node.tries = 0;
  node.retryAt = 0;
  node.becauseOf = undefined;
  log.quiet = false;
  log.move(node, 'idle');
};

/** A gate's own answer (a command's would be numbered) must be to the question that is open. */
const checkGate = (log: LogState, node: LogNode, { by, cause, nth }: ExecutionEvent): void => {
  if (node.phase !== 'starting' || by === undefined || cause === undefined || nth !== undefined) return;
  if (cause !== node.asked)
    log.say('I14', `gate "${by}" answers the question of seq ${cause}; the open one is of seq ${node.asked}`, node.id);
};

const checkAttempt = (log: LogState, node: LogNode, attempt: number, what: string): void => {
  if (attempt !== node.attempt)
    log.say('I5', `attempt ${attempt} ${what}, though its latest is ${node.attempt}`, node.id);
};

const end = (log: LogState, node: LogNode, phase: Phase, kind: 'good' | 'bad' | 'void'): void => {
  if (node.openChildren > 0)
    log.say('I8', `it ends though ${node.openChildren} of the nodes that it was expanded into have not`, node.id);
  log.move(node, phase, kind);
};

/** The shortest and the longest delay after so many failures. */
const delays = (strategy: RetryStrategy, failures: number): readonly [number, number] => {
  switch (strategy.type) {
    case 'Immediate':
      return [0, 0];
    case 'Linear':
      return [strategy.delayMs, strategy.delayMs];
    case 'Exponential': {
      const { initialDelayMs, maxDelayMs, multiplier, jitter = 0 } = strategy;
      let delay = initialDelayMs;
      for (let i = 1; i < failures && delay < maxDelayMs; i++) delay *= multiplier;
      const longest = Math.min(delay, maxDelayMs);
      return [longest * (1 - jitter), longest];
    }
  }
};

/** What an event that only speaks of a node must keep: the node exists. */
export const mentioned = (log: LogState, event: EventOf<'PrioritySet' | 'NodeInputsSet'> & ExecutionEvent): void => {
  const phases: readonly Phase[] = event.type === 'NodeInputsSet' ? ['idle', 'starting'] : [];
  const node = log.node(
    event.nodeId,
    event.type === 'PrioritySet' ? 'its priority is set' : 'its inputs are set',
    ...phases,
  );
  if (node !== undefined && event.type === 'NodeInputsSet') checkGate(log, node, event);
};
