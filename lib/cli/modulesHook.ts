import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { emitEvent, type ExecutionEvent, type Hook } from '../index.js';

const NAME = 'rxdag.modules';

/** Where a run's code and definition came from. */
export interface Modules {
  /** Undefined where it was read from standard input. */
  readonly file: string | undefined;
  readonly hash: string | undefined;
  readonly actions: readonly string[];
  readonly hooks: readonly string[];
  readonly dag: readonly string[];
}

/** The places as they are, made independent of the folder that one happens to be in. */
export const modulesOf = (
  file: string,
  { actions, hooks, dag }: Pick<Modules, 'actions' | 'hooks' | 'dag'>,
): Modules => ({
  file: file === '-' ? undefined : resolve(file),
  hash: file === '-' ? undefined : hashOf(file),
  actions: actions.map(pathOf),
  hooks: hooks.map(pathOf),
  dag: dag.map(pathOf),
});

/** A path becomes absolute; the name of a package stays. */
const pathOf = (name: string): string => (/[./\\]/.test(name) && !name.startsWith('@') ? resolve(name) : name);

const hashOf = (file: string): string | undefined => {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined;
  }
};

/** Writes down in a run's log where it came from, so that it can be resumed by its name alone. */
export const modulesHook = (modules: Modules): Hook => ({
  name: 'rxdag',
  observe: true,
  onStart: () => emitEvent(NAME, JSON.parse(JSON.stringify(modules))),
});

/** What stands in a log of where its run came from. */
export const modulesIn = (event: ExecutionEvent): Modules | undefined =>
  event.type === 'CustomEmitted' && event.name === NAME ? (event.payload as unknown as Modules) : undefined;

/** What became of the pipeline's file since the run began, in words; undefined where it is as it was. */
export const changeOf = ({ file, hash }: Modules): string | undefined => {
  if (file === undefined || hash === undefined) return undefined;
  const now = hashOf(file);
  return now === hash ? undefined : now === undefined ? 'is not there any more' : 'has changed';
};
