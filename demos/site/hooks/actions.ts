import { NEVER, interval, map, take, timer, type Observable } from 'rxjs';
import { ActionRegistry, action, type NodeContext } from '../../../lib/index.js';
import type { Sabotage } from './Sabotage.js';

/** The attempt with which a flaky node succeeds. */
const FLAKY_UNTIL = 3;
const FLOOD = 2_000;

/** What nodes can do here. An action knows nothing of graphs, hooks or the page; it may only be sabotaged. */
export const actions = (sabotage: Sabotage): ActionRegistry => {
  const breakable = (ctx: NodeContext<{ ms?: number }>, work: (ms: number) => Observable<unknown>) => {
    const ms = ctx.inputs.ms ?? 300 + Math.random() * 1_200;
    switch (sabotage.takeDamage()) {
      case 'fail':
        return timer(ms / 2).pipe(map(() => fail('Somebody has broken this node.')));
      case 'hang':
        return NEVER;
      case 'throwText':
        // oxlint-disable-next-line no-throw-literal, only-throw-error -- what happens then is what the button shows
        throw 'a text, not an Error';
      case 'flood':
        return interval(0).pipe(
          take(FLOOD / 100),
          map((burst) => {
            for (let i = 0; i < 100; i++) ctx.progress({ line: burst * 100 + i });
            return burst;
          }),
        );
      case undefined:
        return work(ms);
    }
  };
  return new ActionRegistry().register(
    action('work', (ctx: NodeContext<{ ms?: number }>) =>
      breakable(ctx, (ms) => timer(ms).pipe(map(() => ({ tookMs: Math.round(ms) })))),
    ),
    action('flaky', (ctx: NodeContext<{ ms?: number }>) =>
      breakable(ctx, (ms) =>
        timer(ms / 2).pipe(
          map(() =>
            ctx.attempt < FLAKY_UNTIL ? fail(`Unreachable, attempt ${ctx.attempt}.`) : { tries: ctx.attempt },
          ),
        ),
      ),
    ),
    action('fails', (ctx: NodeContext<{ ms?: number }>) =>
      breakable(ctx, (ms) => timer(ms / 2).pipe(map(() => fail('This one always fails.')))),
    ),
  );
};

const fail = (message: string): never => {
  throw new Error(message);
};
