/** Browsers lay out no box above some 16 million px (at 200 % zoom); taller content is scrolled to scale. */
export const TALLEST = 8_000_000;

/** Which of many equally high rows a scroll box shows, however many there are. */
export class ScaledScroll {
  readonly rowHeight: number;
  #rows = 0;
  #view = 0;
  #top = 0;

  constructor(rowHeight: number) {
    this.rowHeight = rowHeight;
  }

  /** The height of the box that is scrolled. */
  get height(): number {
    return Math.min(this.#rows * this.rowHeight, TALLEST);
  }

  get isScaled(): boolean {
    return this.#rows * this.rowHeight > TALLEST;
  }

  /** How far the rows are scrolled, in px of theirs. */
  get top(): number {
    return this.#top;
  }

  set top(top: number) {
    this.#top = Math.max(0, Math.min(top, this.#last));
  }

  /** Where the scroll box stands. */
  get scrollTop(): number {
    return this.isScaled ? (this.#top / this.#last) * (TALLEST - this.#view) : this.#top;
  }

  /** The box was scrolled; where it stands as set here it was not the user, and nothing is rounded away. */
  set scrollTop(scrollTop: number) {
    if (Math.abs(scrollTop - this.scrollTop) < 1.5 && this.isScaled) return;
    this.top = this.isScaled ? (scrollTop / (TALLEST - this.#view)) * this.#last : scrollTop;
  }

  get isAtEnd(): boolean {
    return this.#top >= this.#last - this.rowHeight / 2;
  }

  /** The first row that shows, and how many do at least in part. */
  get first(): number {
    return Math.floor(this.#top / this.rowHeight);
  }

  get shown(): number {
    const end = Math.min(this.#rows, Math.ceil((this.#top + this.#view) / this.rowHeight));
    return Math.max(0, end - this.first);
  }

  /** Rows that fit as a whole: a page. */
  get page(): number {
    return Math.max(1, Math.floor(this.#view / this.rowHeight));
  }

  resize(rows: number, view: number): void {
    this.#rows = rows;
    this.#view = view;
    this.top = this.#top;
  }

  /** Follows a wheel where the box is to scale, which would leap over hundreds of rows; else the browser does. */
  turn(px: number): boolean {
    if (this.isScaled) this.top += px;
    return this.isScaled;
  }

  /** Scrolls as little as shows the row as a whole. */
  reveal(row: number): void {
    const y = row * this.rowHeight;
    if (y < this.#top) this.top = y;
    else if (y + this.rowHeight > this.#top + this.#view) this.top = y + this.rowHeight - this.#view;
  }

  get #last(): number {
    return Math.max(0, this.#rows * this.rowHeight - this.#view);
  }
}
