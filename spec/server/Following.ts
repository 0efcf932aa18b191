import type { Subscription } from 'rxjs';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../lib/index.js';
import type { ViewerServer } from '../../lib/server/index.js';
import { fromServer } from '../../lib/viewer/source/fromServer.js';
import type { RunSource, SourceMessage } from '../../lib/viewer/source/RunSource.js';

/** Follows a run of a server as a page does, and keeps all that it is told. */
export class Following {
  readonly source: RunSource;
  readonly messages: SourceMessage[] = [];
  readonly done: Promise<void>;
  #subscription: Subscription | undefined;
  #heard: () => void = () => undefined;

  constructor({ port, tokens }: Pick<ViewerServer, 'port' | 'tokens'>, runId: string) {
    this.source = fromServer({ url: `http://127.0.0.1:${port}`, runId, token: tokens.full });
    this.done = new Promise((resolve, reject) => {
      this.#subscription = this.source.message$.subscribe({
        next: (message) => {
          this.messages.push(message);
          this.#heard();
        },
        complete: resolve,
        error: reject,
      });
    });
  }

  /** Events of either kind, in the order in which they came. */
  get events(): readonly ExecutionEvent[] {
    return this.messages.flatMap((message) =>
      message.type === 'events' || message.type === 'fill' ? message.events : [],
    );
  }

  of<K extends SourceMessage['type']>(type: K): readonly Extract<SourceMessage, { type: K }>[] {
    return this.messages.filter((message) => message.type === type) as never;
  }

  stop(): void {
    this.#subscription?.unsubscribe();
  }

  /** Until what it was told is enough. */
  async until(isEnough: (following: this) => boolean, withinMs = 15_000): Promise<void> {
    const late = performance.now() + withinMs;
    while (!isEnough(this)) {
      if (performance.now() > late)
        throw new Error(`It was not enough: ${JSON.stringify(this.messages.slice(-3)).slice(0, 1_000)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.#heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** It had each event exactly once: those told as they came, in order, and those that were filled in, in order. */
  isComplete(log: readonly ExecutionEvent[]): void {
    const seqs = this.events.map(({ seq }) => seq);
    assert.equal(
      seqs.toSorted((a, b) => a - b),
      log.map(({ seq }) => seq),
    );
    for (const type of ['events', 'fill'] as const) {
      const own = this.of(type).flatMap(({ events }) => events.map(({ seq }) => seq));
      assert.equal(
        own,
        own.toSorted((a, b) => a - b),
      );
    }
    const bySeq = this.events.toSorted((a, b) => a.seq - b.seq);
    assert.equal(bySeq, JSON.parse(JSON.stringify(log)) as readonly ExecutionEvent[]);
  }
}
