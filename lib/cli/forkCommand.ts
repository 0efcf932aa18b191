import type { DagExecutor, EventStore, ExecutorSnapshot, Json } from '../index.js';
import { show } from '../model/explain.js';
import { didYouMean } from '../model/nearest.js';
import { inputReaders } from '../plan/inputReaders.js';
import type { ExitCode } from './exitCode.js';
import { goOn, type Begun, type GoOnOptions } from './goOn.js';
import { storedState } from './storedState.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

export interface ForkCommandOptions extends GoOnOptions {
  readonly at?: number;
  readonly runId?: string;
  readonly again: readonly string[];
}

/** Begins another run with what a stored one had come to at an event. */
export const forkCommand = (runId: string, options: ForkCommandOptions, terminal: Terminal): Promise<ExitCode> =>
  goOn(runId, options, terminal, async (executor, given, store) => {
    const tell = teller(options, terminal);
    const last = await storedState(store, runId);
    checkNodes(last, options.again);
    await warnOfIdle(store, last, given.inputs, tell);
    return forked(executor, runId, tell, {
      atSeq: options.at ?? last.seq,
      ...given,
      again: options.again,
      ...(options.runId === undefined ? {} : { runId: options.runId }),
    });
  });

export interface RerunCommandOptions extends GoOnOptions {
  readonly failed?: boolean;
  readonly from: readonly string[];
  readonly runId?: string;
}

/** Begins another run that runs again what failed, or certain nodes, with all that depends on them. */
export const rerunCommand = (runId: string, options: RerunCommandOptions, terminal: Terminal): Promise<ExitCode> => {
  if (options.failed !== true && options.from.length === 0)
    throw new UsageError('What is to run again? Give --failed, or --from NODE.');
  return goOn(runId, options, terminal, async (executor, given, store) => {
    const tell = teller(options, terminal);
    const last = await storedState(store, runId);
    checkNodes(last, options.from);
    const failed = failedIn(last);
    if (options.from.length === 0 && failed.length === 0) throw new UsageError(`Nothing failed in run ${show(runId)}.`);
    const again = [...options.from, ...(options.failed === true ? failed : [])];
    await warnOfIdle(store, last, given.inputs, tell);
    return forked(executor, runId, tell, {
      atSeq: last.seq,
      ...given,
      again,
      ...(options.runId === undefined ? {} : { runId: options.runId }),
    });
  });
};

/** What failed; of nodes that failed by an item or a sub-DAG's node, these alone. */
const failedIn = (snapshot: ExecutorSnapshot): readonly string[] => {
  const failed: string[] = [];
  const parents = new Set<string>();
  for (const { id, status, spec } of snapshot.nodes()) {
    if (status === 'failed') failed.push(id);
    if ((status === 'failed' || status === 'cancelled') && spec.parent !== undefined) parents.add(spec.parent);
  }
  return failed.filter((id) => !parents.has(id));
};

type Tell = (text: string) => void;

const teller = ({ quiet }: GoOnOptions, terminal: Terminal): Tell =>
  quiet === true ? () => undefined : (text) => terminal.tell(text);

const forked = async (
  executor: DagExecutor,
  runId: string,
  tell: Tell,
  options: Parameters<DagExecutor['fork']>[1],
): Promise<Begun> => {
  const run = await executor.fork(runId, options);
  tell(`Run ${run.runId} goes on from event ${options.atSeq} of ${runId}.`);
  return { run, commands: [] };
};

/** Warns of inputs that change nothing. */
const warnOfIdle = async (
  store: EventStore,
  snapshot: ExecutorSnapshot,
  inputs: Readonly<Record<string, Json>>,
  tell: Tell,
): Promise<void> => {
  const idle = Object.keys(inputs).filter((name) => inputReaders(snapshot, [name]).length === 0);
  if (idle.length === 0) return;
  let known: readonly string[] = [];
  for await (const event of store.read(snapshot.runId)) {
    if (event.type === 'RunStarted') known = Object.keys(event.inputs);
    break;
  }
  for (const name of idle)
    tell(
      `warning: No node refers to the input ${show(name)}${
        didYouMean(
          name,
          known.filter((one) => one !== name),
        ) || '.'
      }`,
    );
};

const checkNodes = (snapshot: ExecutorSnapshot, ids: readonly string[]): void => {
  const known = [...snapshot.nodes()].map(({ id }) => id);
  for (const id of ids)
    if (snapshot.node(id) === undefined)
      throw new UsageError(`Run ${show(snapshot.runId)} has no node ${show(id)}${didYouMean(id, known) || '.'}`);
};
