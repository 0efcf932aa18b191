import { Observable, Subject } from 'rxjs';
import { DagError } from '../define/DagError.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';

const CHUNK = 1_024;

/** The latest events of a run, up to a limit, in chunks; older ones are let go chunk by chunk. */
export class History {
  /** The seq of the last event. */
  last = 0;
  private chunks: ExecutionEvent[][] = [];
  /** How many chunks were let go. */
  private gone = 0;
  private readonly limit: number;
  private readonly grown = new Subject<number>();

  /** Reads on where memory no longer goes; undefined without a store. */
  readonly readBack: ((seq: number) => AsyncIterable<ExecutionEvent>) | undefined;

  constructor(limit: number, readBack?: (seq: number) => AsyncIterable<ExecutionEvent>) {
    this.limit = limit;
    this.readBack = readBack;
  }

  append(event: ExecutionEvent): void {
    if (this.last % CHUNK === 0) {
      this.chunks.push([]);
      if ((this.chunks.length - 2) * CHUNK >= this.limit) {
        this.chunks.shift();
        this.gone++;
      }
    }
    this.chunks[this.chunks.length - 1]!.push(event);
    this.last = event.seq;
  }

  get first(): number {
    return this.gone * CHUNK + 1;
  }

  at(seq: number): ExecutionEvent {
    const chunk = this.chunks[Math.floor((seq - 1) / CHUNK) - this.gone];
    if (chunk === undefined)
      throw new DagError(
        'HistoryDropped',
        `Event ${seq} is no longer kept: the history holds ${this.limit} events (config.historyEvents) and begins at ${this.first}.`,
      );
    return chunk[(seq - 1) % CHUNK]!;
  }

  /** Tells that events were appended: whoever follows the log goes on. */
  tell(): void {
    if (this.grown.observed) this.grown.next(this.last);
  }

  /** Whether anybody waits for more. */
  get isFollowed(): boolean {
    return this.grown.observed;
  }

  end(error?: unknown): void {
    if (error === undefined) this.grown.complete();
    else this.grown.error(error);
  }

  /** The seq of the last event, now and whenever it has grown; completes with the run. */
  get last$(): Observable<number> {
    return new Observable((subscriber) => {
      subscriber.next(this.last);
      return this.grown.subscribe(subscriber);
    });
  }

  /** Every event from a seq on: history first, read back from the store where memory does not hold it, then live. */
  from(seq: number): Observable<ExecutionEvent> {
    return new Observable((subscriber) => {
      let next = Math.max(1, Math.floor(seq) || 1);
      let isBusy = false;
      let isOver = false;
      const go = (): void => {
        if (isBusy) return;
        isBusy = true;
        try {
          while (next <= this.last && !subscriber.closed) {
            if (next < this.first && this.readBack !== undefined) return void back(this.readBack(next));
            subscriber.next(this.at(next++));
          }
        } catch (error) {
          subscriber.error(error);
        }
        isBusy = false;
        if (isOver) subscriber.complete();
      };
      const back = async (stored: AsyncIterable<ExecutionEvent>): Promise<void> => {
        const began = next;
        try {
          for await (const event of stored) {
            if (subscriber.closed) return;
            subscriber.next(event);
            next = event.seq + 1;
            if (next >= this.first) break;
          }
          if (next === began) this.at(next); // the store does not have it either
        } catch (error) {
          return subscriber.error(error);
        }
        isBusy = false;
        go();
      };
      return this.last$.subscribe({
        next: go,
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          isOver = true;
          go();
        },
      });
    });
  }
}
