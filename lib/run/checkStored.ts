import { show } from '../model/explain.js';
import { checkKeys, checkRunOptions, reading, wrong } from './checkOptions.js';
import type { ForkOptions, ResumeOptions } from './ExecutorOptions.js';

/** Throws a `DagError` of type InvalidOptions for what can't be the id of a stored run. */
export const checkRunId = (runId: unknown): void => {
  if (typeof runId !== 'string') wrong(`The run is ${show(runId)}; give the id of a stored run, a text.`);
};

export const checkResume = (runId: unknown, options: ResumeOptions): void => {
  checkRunId(runId);
  reading(() => {
    checkKeys('The options of resume', options, ['inputs', 'takeOver', 'hooks', 'weight', 'estimates']);
    const { inputs = {}, takeOver = false, hooks = [], weight = 1, estimates } = options;
    if (typeof takeOver !== 'boolean') wrong(`takeOver is ${show(takeOver)}; give true or false.`);
    checkRunOptions({ inputs, hooks, weight, ...(estimates !== undefined && { estimates }) });
  });
};

export const checkFork = (runId: unknown, options: Partial<ForkOptions> = {}): void => {
  checkRunId(runId);
  reading(() => {
    checkKeys('The options of fork', options, [
      'atSeq',
      'runId',
      'inputs',
      'commands',
      'again',
      'hooks',
      'weight',
      'estimates',
    ]);
    const { atSeq, runId: fresh, inputs = {}, commands = [], again = [], hooks = [], weight = 1, estimates } = options;
    if (!Number.isInteger(atSeq) || atSeq! < 1)
      wrong(`atSeq is ${show(atSeq)}; give the seq of the last event that the fork begins with, from 1.`);
    if (!Array.isArray(commands)) wrong(`The commands are ${show(commands)}; give a list.`);
    if (!Array.isArray(again) || again.some((id) => typeof id !== 'string'))
      wrong(`again is ${Array.isArray(again) ? 'not a list of texts' : show(again)}; give a list of node ids.`);
    checkRunOptions({
      inputs,
      hooks,
      weight,
      ...(fresh !== undefined && { runId: fresh }),
      ...(estimates !== undefined && { estimates }),
    });
  });
};

/** Throws a `DagError` of type InvalidOptions for a seq that no log has. */
export const checkSeq = (runId: unknown, seq: unknown): void => {
  checkRunId(runId);
  if (!Number.isInteger(seq) || (seq as number) < 0)
    wrong(`The seq is ${show(seq)}; give that of an event, or 0 for the state before the first one.`);
};
