import { setTrait } from '../dom/make.js';
import { cardOf } from './Card.js';
import { cardShapes } from './cardShapes.js';
import { FAR_ZOOM } from './Labels.js';
import { isMarked, type Picture } from './Picture.js';
import { edgesIn, itemsIn } from './Scene.js';
import { SvgCard } from './SvgCard.js';
import { svgElement } from './svgElement.js';
import { edgePaths } from './trace.js';

/** Draws few items as elements, of which there are only as many as are seen. */
export class SvgPainter {
  readonly #edges = svgElement('path', { class: 'edge' });
  readonly #heads = svgElement('path', { class: 'head' });
  readonly #dimEdges = svgElement('path', { class: 'edge dim' });
  readonly lines = svgElement('g', {}, this.#dimEdges, this.#edges, this.#heads);
  readonly items = svgElement('g');
  readonly #shown = new Map<number, SvgCard>();
  readonly #spare: SvgCard[] = [];

  /** Draws all. */
  paint(picture: Picture): void {
    const { scene, camera, glide } = picture;
    const box = camera.seen();
    const items = new Set(itemsIn(scene, box));
    for (const [item, card] of this.#shown) {
      if (items.has(item)) continue;
      card.element.remove();
      this.#spare.push(card);
      this.#shown.delete(item);
    }
    for (const item of items) {
      if (this.#shown.has(item)) continue;
      const card = this.#spare.pop() ?? new SvgCard();
      this.#shown.set(item, card);
      this.items.append(card.element);
    }
    this.paintItems(picture, items);
    // Lines are where they will be; they come into sight while the items go there.
    setTrait(this.lines, 'opacity', glide?.share ?? 1);
    const edges = edgesIn(scene, box);
    const [lines, heads] = edgePaths(
      scene,
      edges.filter((edge) => isMarked(picture, edge)),
    );
    setTrait(this.#edges, 'd', lines);
    setTrait(this.#heads, 'd', heads);
    const dim = edges.filter((edge) => !isMarked(picture, edge));
    setTrait(this.#dimEdges, 'd', edgePaths(scene, dim)[0]);
  }

  /** Draws those of some items that are seen. */
  paintItems({ view, scene, camera, lit, labels, glide }: Picture, items: Iterable<number>): void {
    for (const item of items) {
      const card = this.#shown.get(item);
      if (card === undefined) continue;
      card.move(scene.x[item]!, scene.y[item]!, glide?.opacityOf(item) ?? 1);
      const said = cardOf(view, scene, item);
      card.show(said.look, cardShapes(said, labels, camera.scale < FAR_ZOOM), lit?.[item] === 0);
    }
  }

  /** Lets go of all elements. */
  clear(): void {
    this.#shown.clear();
    this.#spare.length = 0;
    this.items.replaceChildren();
    for (const path of [this.#edges, this.#heads, this.#dimEdges]) setTrait(path, 'd', '');
  }
}
