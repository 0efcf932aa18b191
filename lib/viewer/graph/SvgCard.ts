import { setText, setTrait } from '../dom/make.js';
import { looks } from '../theme/looks.js';
import { styles, type Shape, type ShapeStyle } from './cardShapes.js';
import { svgElement } from './svgElement.js';

/** One item as SVG elements, which are used again for another item when this one goes out of sight. */
export class SvgCard {
  readonly element = svgElement('g');

  move(x: number, y: number, opacity: number): void {
    setTrait(this.element, 'transform', `translate(${x} ${y})`);
    setTrait(this.element, 'opacity', opacity);
  }

  show(look: number, shapes: readonly Shape[], isDim: boolean): void {
    const { element } = this;
    const known = look < looks.length ? look : 0;
    setTrait(element, 'class', `item look-${known}${isDim || known !== look ? ' dim' : ''}`);
    shapes.forEach((shape, i) => {
      const tag = shape.text !== undefined ? 'text' : shape.path === undefined ? 'rect' : 'path';
      let part = element.children[i];
      if (part?.tagName !== tag) {
        const made = svgElement(tag);
        if (part === undefined) element.append(made);
        else part.replaceWith(made);
        part = made;
      }
      write(part, shape);
    });
    while (element.childElementCount > shapes.length) element.lastElementChild!.remove();
  }
}

/** What is larger from afar is the same thing. */
const asNear: Partial<Record<Shape['kind'], string>> = { name: 'label name', count: 'badge count' };

const write = (part: Element, { kind, look, x, y, width, height, text, path }: Shape): void => {
  setTrait(part, 'class', kind === 'bar' ? `bar look-${look}` : (asNear[kind] ?? kind));
  if (path !== undefined) {
    setTrait(part, 'd', path);
    setTrait(part, 'transform', `translate(${x} ${y})`);
    return;
  }
  setTrait(part, 'x', x);
  setTrait(part, 'y', y);
  if (text !== undefined) return setText(part, text);
  const { radius }: ShapeStyle = styles[kind];
  setTrait(part, 'width', width!);
  setTrait(part, 'height', height!);
  setTrait(part, 'rx', radius!);
};
