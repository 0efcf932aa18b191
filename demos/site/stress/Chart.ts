import { Colours, onTheme } from '../../../lib/viewer/theme/Colours.js';

const POINTS = 120;

/** Draws what two rates were lately: nodes per second as an area, frames per second as a line over it. */
export class Chart {
  readonly #canvas: HTMLCanvasElement;
  readonly #colours: Colours;
  readonly #points: (readonly [frames: number, nodes: number])[] = [];

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#colours = new Colours(canvas);
    onTheme(() => {
      this.#colours.forget();
      this.#draw();
    });
  }

  add(frames: number, nodes: number): void {
    this.#points.push([frames, nodes]);
    if (this.#points.length > POINTS) this.#points.shift();
    this.#draw();
  }

  #draw(): void {
    const { width, height } = this.#canvas;
    const context = this.#canvas.getContext('2d')!;
    context.clearRect(0, 0, width, height);
    const most = Math.max(1, ...this.#points.map(([, nodes]) => nodes));
    const x = (i: number): number => (i / (POINTS - 1)) * width;
    const y = (share: number): number => height - 2 - Math.min(1, share) * (height - 6);
    context.fillStyle = this.#colours.of('--dag-succeeded-fill');
    context.beginPath();
    context.moveTo(0, height);
    this.#points.forEach(([, nodes], i) => context.lineTo(x(i), y(nodes / most)));
    context.lineTo(x(this.#points.length - 1), height);
    context.fill();
    context.strokeStyle = this.#colours.of('--dag-running-line');
    context.lineWidth = 3;
    context.beginPath();
    this.#points.forEach(([frames], i) => context.lineTo(x(i), y(frames / 60)));
    context.stroke();
  }
}
