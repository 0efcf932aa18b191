import type { RemoteEngine } from '../index.js';

/** Workers may be starting. */
const PATIENCE_MS = 3_000;
const AGAIN_MS = 10_000;

/**
 * An engine that tells of each pool which has jobs and no worker, and once it has one: such jobs wait for ever.
 *
 * @param served - the pools that have workers; where it rejects nothing is told.
 */
export const watchPools = (
  engine: RemoteEngine,
  served: () => Promise<ReadonlySet<string>>,
  tell: (pool: string, isServed: boolean) => void,
): RemoteEngine => {
  /** The pools of jobs that have not ended, by their ids. */
  const open = new Map<string, string>();
  const told = new Set<string>();
  const listening = engine.news$.subscribe(({ id, type }) => {
    if (type !== 'waiting' && type !== 'running' && type !== 'progressed') open.delete(id);
  });
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const pools = await served().catch(() => undefined);
    if (pools !== undefined && timer !== undefined)
      for (const pool of new Set([...open.values(), ...told])) {
        if (pools.has(pool) !== told.has(pool)) continue;
        tell(pool, pools.has(pool));
        if (!told.delete(pool)) told.add(pool);
      }
    if (timer !== undefined) timer = open.size + told.size > 0 ? later(AGAIN_MS) : undefined;
  };
  const later = (ms: number): NodeJS.Timeout => setTimeout(() => void look(), ms).unref();
  return {
    news$: engine.news$,
    submit: (jobs) => {
      for (const { id, pool } of jobs) open.set(id, pool);
      timer ??= later(PATIENCE_MS);
      return engine.submit(jobs);
    },
    peek: (jobs) => engine.peek(jobs),
    cancel: (job, reason) => engine.cancel(job, reason),
    close: () => {
      clearTimeout(timer);
      timer = undefined;
      listening.unsubscribe();
      return engine.close();
    },
  };
};
