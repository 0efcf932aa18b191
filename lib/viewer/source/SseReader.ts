/** One message of a stream of server-sent events. */
export interface SseMessage {
  readonly event: string;
  readonly data: string;
}

/** Reads server-sent events from pieces of text, wherever they were cut. */
export class SseReader {
  /** The pieces of a line that has not ended yet: joined once it has, so that a long line costs what it is long. */
  #parts: string[] = [];
  #event = '';
  #data: string[] = [];

  /** What is complete with this piece. */
  read(piece: string): readonly SseMessage[] {
    const messages: SseMessage[] = [];
    let start = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', start)) {
      this.#parts.push(piece.slice(start, end));
      this.#line(this.#parts.join(''), messages);
      this.#parts = [];
      start = end + 1;
    }
    if (start < piece.length) this.#parts.push(piece.slice(start));
    return messages;
  }

  #line(line: string, messages: SseMessage[]): void {
    if (line === '') {
      if (this.#data.length > 0) messages.push({ event: this.#event || 'message', data: this.#data.join('\n') });
      this.#event = '';
      this.#data = [];
      return;
    }
    const at = line.indexOf(':');
    const name = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? '' : line.slice(line[at + 1] === ' ' ? at + 2 : at + 1);
    if (name === 'event') this.#event = value;
    else if (name === 'data') this.#data.push(value);
  }
}
