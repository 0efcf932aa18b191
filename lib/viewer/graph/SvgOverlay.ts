import { setText, setTrait } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import { sizeOf } from '../view/Groups.js';
import type { Picture } from './Picture.js';
import { ITEM_HEIGHT, ITEM_WIDTH } from './Box.js';
import { meets } from './Box.js';
import { FRAME_HEAD, type Frame } from './Frame.js';
import { edgesAt, edgesIn } from './Scene.js';
import { svgElement } from './svgElement.js';
import { edgePaths } from './trace.js';

const EDGES_MAX = 1_000;
const FRAMES_MAX = 200;

/** What is pointed out at the moment. */
export interface Pointed {
  readonly selected: number;
  readonly hovered: number;
  /** The nodes of the critical path, when that is what is highlighted. */
  readonly critical: readonly number[];
}

/** Draws outlines of open groups, the ring around the selection, its edges and the critical path; the same over both painters. */
export class SvgOverlay {
  /** Goes below the edges. */
  readonly frames = svgElement('g');
  /** Goes between edges and items. */
  readonly lines = svgElement('g');
  /** Goes above all. */
  readonly above = svgElement('g');
  readonly #chosen = svgElement('path', { class: 'edge chosen' });
  readonly #chosenHeads = svgElement('path', { class: 'head chosen' });
  readonly #critical = svgElement('path', { class: 'edge critical' });
  readonly #criticalHeads = svgElement('path', { class: 'head critical' });
  readonly #ring = ring('ring', 3);
  readonly #hover = ring('hover', 1);

  constructor() {
    this.lines.append(this.#chosen, this.#chosenHeads, this.#critical, this.#criticalHeads);
    this.above.append(this.#hover, this.#ring);
  }

  paint(picture: Picture, { selected, hovered, critical }: Pointed): void {
    const { scene, camera } = picture;
    const box = camera.seen();
    const frames = scene.frames.filter((frame) => meets(frame.box, box)).slice(0, FRAMES_MAX);
    this.#paintFrames(picture, frames);
    place(this.#ring, picture, selected);
    place(this.#hover, picture, hovered === selected ? -1 : hovered);
    const chosen = selected < 0 ? [] : [...edgesAt(scene.ins, selected), ...edgesAt(scene.outs, selected)];
    setPaths(picture, this.#chosen, this.#chosenHeads, chosen.slice(0, EDGES_MAX));
    setPaths(picture, this.#critical, this.#criticalHeads, criticalEdges(picture, critical));
  }

  #paintFrames({ scene }: Picture, frames: readonly Frame[]): void {
    const parent = this.frames;
    while (parent.childElementCount > frames.length) parent.lastElementChild!.remove();
    while (parent.childElementCount < frames.length) {
      parent.append(
        svgElement(
          'g',
          { class: 'frame' },
          svgElement('path', { class: 'outline' }),
          svgElement('path', { class: 'fold' }),
          svgElement('text', {}),
        ),
      );
    }
    frames.forEach(({ group, outline, left, top, width }, i) => {
      const [line, fold, text] = Array.from(parent.children[i]!.children) as [SVGElement, SVGElement, SVGElement];
      setTrait(line, 'd', outline);
      setTrait(fold, 'd', `M${left + 8} ${top + 6}h9v9h-9zm2 4.5h5`);
      setTrait(text, 'x', left + 23);
      setTrait(text, 'y', top + FRAME_HEAD - 5);
      const known = scene.groups[group];
      if (known === undefined) return;
      const label = shown(known.label, Math.max(4, Math.floor((width - 60) / 7)));
      setText(text, `${label} · ${countText(sizeOf(known))}`);
    });
  }
}

const ring = (name: string, margin: number): SVGRectElement =>
  svgElement('rect', {
    class: name,
    x: -ITEM_WIDTH / 2 - margin,
    y: -ITEM_HEIGHT / 2 - margin,
    width: ITEM_WIDTH + 2 * margin,
    height: ITEM_HEIGHT + 2 * margin,
    rx: 7 + margin,
  });

const place = (element: SVGElement, { scene }: Picture, item: number): void => {
  const isThere = item >= 0 && item < scene.drawing.count;
  setTrait(element, 'visibility', isThere ? 'visible' : 'hidden');
  if (isThere) setTrait(element, 'transform', `translate(${scene.x[item]} ${scene.y[item]})`);
};

const setPaths = ({ scene }: Picture, line: SVGElement, head: SVGElement, edges: readonly number[]): void => {
  const [lines, heads] = edgePaths(scene, edges);
  setTrait(line, 'd', lines);
  setTrait(head, 'd', heads);
};

/** The edges between neighbours on the critical path. */
const criticalEdges = ({ scene, camera }: Picture, path: readonly number[]): readonly number[] => {
  if (path.length === 0) return [];
  const { itemOf, from, to } = scene.drawing;
  const next = new Map<number, number>();
  path.forEach((node, i) => {
    const item = itemOf[node] ?? -1;
    const after = itemOf[path[i + 1] ?? -1] ?? -1;
    if (item >= 0 && after >= 0 && item !== after) next.set(item, after);
  });
  return edgesIn(scene, camera.seen()).filter((edge) => next.get(from[edge]!) === to[edge]);
};
