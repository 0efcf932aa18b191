import { make, setTrait } from '../dom/make.js';
import { kept } from './kept.js';

const STEP = 2;

/** A bar between two panes, moved by mouse, finger or arrow keys; the share that the second pane has is remembered. */
export class Splitter {
  readonly element: HTMLElement;
  readonly #name: string;
  readonly #isUpright: boolean;
  readonly #first: number;
  #share: number;

  /**
   * @param name - The custom property that carries the share on the panes' parent, and the name it is remembered under.
   * @param isUpright - The bar stands upright, between left and right.
   */
  constructor(name: string, label: string, isUpright: boolean, share: number) {
    this.#name = name;
    this.#isUpright = isUpright;
    this.#first = share;
    const remembered = Number(kept.read(name));
    this.#share = remembered > 0 ? remembered : share;
    this.element = make('div', {
      class: isUpright ? 'splitter upright' : 'splitter',
      role: 'separator',
      tabindex: 0,
      'aria-label': label,
      'aria-orientation': isUpright ? 'vertical' : 'horizontal',
      'aria-valuemin': 10,
      'aria-valuemax': 85,
      title: `${label}: drag, or use the arrow keys; a double click sets it back`,
      onpointerdown: (event: PointerEvent) => this.#grab(event),
      onkeydown: (event: KeyboardEvent) => this.#press(event),
      ondblclick: () => this.#set(this.#first),
    });
  }

  /** Sets the share on the panes' parent; once the bar is in it. */
  place(): void {
    this.#share = Math.max(10, Math.min(85, this.#share));
    setTrait(this.element, 'aria-valuenow', Math.round(this.#share));
    this.element.parentElement?.style.setProperty(`--${this.#name}`, `${this.#share}%`);
  }

  #set(share: number): void {
    this.#share = share;
    this.place();
    kept.write(this.#name, String(Math.round(this.#share * 10) / 10));
  }

  #grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.element.focus();
    this.element.setPointerCapture(event.pointerId);
    const box = this.element.parentElement!.getBoundingClientRect();
    const move = ({ clientX, clientY }: PointerEvent): void =>
      this.#set(100 * (this.#isUpright ? (box.right - clientX) / box.width : (box.bottom - clientY) / box.height));
    const drop = (): void => {
      this.element.removeEventListener('pointermove', move);
      this.element.removeEventListener('lostpointercapture', drop);
    };
    this.element.addEventListener('pointermove', move);
    this.element.addEventListener('lostpointercapture', drop);
  }

  #press(event: KeyboardEvent): void {
    const [less, more] = this.#isUpright ? ['ArrowRight', 'ArrowLeft'] : ['ArrowDown', 'ArrowUp'];
    const to =
      event.key === less
        ? this.#share - STEP
        : event.key === more
          ? this.#share + STEP
          : event.key === 'Home'
            ? 10
            : event.key === 'End'
              ? 85
              : undefined;
    if (to === undefined) return;
    event.preventDefault();
    this.#set(to);
  }
}
