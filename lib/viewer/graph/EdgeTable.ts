const wider = (old: Int32Array, least: number): Int32Array<ArrayBuffer> => {
  const grown = new Int32Array(Math.max(least, 2 * old.length));
  grown.set(old);
  return grown;
};

/** Edges between numbers, each known once, by the order in which they came: made of numbers alone, so that millions are. */
export class EdgeTable {
  size = 0;
  #from = new Int32Array(64);
  #to = new Int32Array(64);
  /** Edge + 1, in the first free place from that of its ends on; made when an edge is looked for first. */
  #places = new Int32Array(0);

  from(): Int32Array {
    return this.#from.slice(0, this.size);
  }

  to(): Int32Array {
    return this.#to.slice(0, this.size);
  }

  /** Takes an edge that is known not to be in it. */
  push(from: number, to: number): number {
    const edge = this.size++;
    if (edge >= this.#from.length) {
      this.#from = wider(this.#from, this.size);
      this.#to = wider(this.#to, this.size);
    }
    this.#from[edge] = from;
    this.#to[edge] = to;
    return edge;
  }

  /** Finds an edge, or takes it. */
  put(from: number, to: number): number {
    if (2 * this.size >= this.#places.length) this.#place();
    const place = this.#find(from, to);
    if (this.#places[place] === 0) this.#places[place] = this.push(from, to) + 1;
    return this.#places[place]! - 1;
  }

  #find(from: number, to: number): number {
    const last = this.#places.length - 1;
    const hash = Math.imul(from, 0x9e3779b1) ^ Math.imul(to, 0x85ebca6b);
    let place = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) & last;
    for (let edge; (edge = this.#places[place]!) > 0; place = (place + 1) & last)
      if (this.#from[edge - 1] === from && this.#to[edge - 1] === to) break;
    return place;
  }

  #place(): void {
    let room = 64;
    while (room < 4 * this.size) room *= 2;
    this.#places = new Int32Array(room);
    for (let edge = 0; edge < this.size; edge += 1)
      this.#places[this.#find(this.#from[edge]!, this.#to[edge]!)] = edge + 1;
  }
}
