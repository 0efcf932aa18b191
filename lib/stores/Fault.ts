import type { StoreError } from '../run/EventStore.js';

/** A `StoreError` on its way to whoever has asked: an error that already knows what it means. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly type: StoreError['type'];

  constructor(type: StoreError['type'], message: string) {
    super(message);
    this.type = type;
  }
}
