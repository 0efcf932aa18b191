/** Collects the points of lines; points that change nothing are left out. */
export class Line {
  #points: Float32Array;
  #length = 0;
  #begun = 0;

  constructor(room: number) {
    this.#points = new Float32Array(Math.max(16, room));
  }

  /** The number of points so far. */
  get size(): number {
    return this.#length >> 1;
  }

  /** What comes now belongs to another line. */
  begin(): void {
    this.#begun = this.#length;
  }

  add(x: number, y: number): void {
    const points = this.#points;
    const n = this.#length;
    if (n > this.#begun && isSame(points[n - 2]!, x) && isSame(points[n - 1]!, y)) return;
    if (n > this.#begun + 2) {
      const [x1, y1, x2, y2] = [points[n - 4]!, points[n - 3]!, points[n - 2]!, points[n - 1]!];
      // On the way from the point before the last one to this one, so the last one is not needed.
      const isLevel = Math.abs(y2 - y1) < 0.01 && Math.abs(y - y2) < 0.01;
      if (isLevel && x2 >= x1 === x >= x2) this.#length -= 2;
    }
    if (this.#length + 2 > points.length) {
      this.#points = new Float32Array(points.length * 2);
      this.#points.set(points);
    }
    this.#points[this.#length++] = x;
    this.#points[this.#length++] = y;
  }

  /** Turns the last line round. */
  turn(): void {
    const points = this.#points;
    for (let a = this.#begun, b = this.#length - 2; a < b; a += 2, b -= 2) {
      const [x, y] = [points[a]!, points[a + 1]!];
      points[a] = points[b]!;
      points[a + 1] = points[b + 1]!;
      points[b] = x;
      points[b + 1] = y;
    }
  }

  points(): Float32Array {
    return this.#points.slice(0, this.#length);
  }
}

const isSame = (a: number, b: number): boolean => Math.abs(a - b) < 0.01;
