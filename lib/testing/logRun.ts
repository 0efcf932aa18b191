import type { EventOf } from '../model/ExecutionEvent.js';
import type { LogState } from './LogState.js';

export const runStarted = (log: LogState, { definition, config }: EventOf<'RunStarted'>): void => {
  log.status = 'running';
  log.config = config;
  log.limit = config.enableParallelExecution ? config.maxParallelNodes : 1;
  for (const wrong of log.graph.define(definition)) log.say('I8', wrong);
  for (const node of log.graph.nodes()) log.enter(node);
};

export const runPaused = (log: LogState): void => {
  if (log.status === 'paused' || log.status === 'cancelling')
    log.say('I3', `the run is paused while it is ${log.status}`);
  if (log.status !== 'cancelling') log.status = 'paused';
  log.quiet = false;
  log.unstart(() => true);
};

export const runResumed = (log: LogState): void => {
  if (log.status !== 'paused') log.say('I3', `the run is resumed while it is ${log.status}`);
  else log.status = 'running';
};

export const runCancelling = (log: LogState, { origin }: EventOf<'RunCancelling'>): void => {
  if (log.status === 'cancelling') log.say('I3', 'the run is cancelled a second time');
  log.origin ??= origin;
  log.status = 'cancelling';
};

export const runQuiescent = (log: LogState): void => {
  if (log.status === 'paused') log.say('I7', 'the run is quiescent while it is paused');
  if (log.open > 0) log.say('I7', `the run is quiescent though ${notFinal(log)}`);
  log.quiet = true;
};

export const runSettled = (log: LogState, { status, success }: EventOf<'RunSettled'>): void => {
  if (log.open > 0) log.say('I7', `the run settles though ${notFinal(log)}`);
  else if (!log.quiet) log.say('I7', 'the run settles without having been quiescent');
  const expected = outcome(log);
  if (status !== expected)
    log.say('I7', `the run settles as ${status}, though its nodes and commands make it ${expected}`);
  if (success !== (status === 'succeeded')) log.say('I7', `the run settles as ${status} with success ${success}`);
  for (const node of log.graph.nodes()) {
    if (node.phase !== 'skipped' || node.becauseOf === undefined || node.kind !== 'bad' || node.cancelledBy > 0)
      continue;
    let bad = false;
    for (const dep of node.deps) if (dep.kind !== 'good') bad = true;
    if (!bad)
      log.say('I6', `it stays skipped because of "${node.becauseOf}", though all it depends on is good now`, node.id);
  }
  log.status = 'settled';
};

const outcome = (log: LogState): 'succeeded' | 'failed' | 'cancelled' => {
  if (log.status === 'cancelling') return log.origin === 'user' ? 'cancelled' : 'failed';
  const failed = log.notGood > 0 || (log.hookFailed && log.config.onHookError === 'failRun');
  return failed ? 'failed' : 'succeeded';
};

const notFinal = (log: LogState): string => {
  const names: string[] = [];
  for (const { id, phase, final } of log.graph.nodes()) {
    if (final) continue;
    if (names.length === 5) {
      names.push('…');
      break;
    }
    names.push(`"${id}" is ${phase}`);
  }
  return names.join(', ');
};
