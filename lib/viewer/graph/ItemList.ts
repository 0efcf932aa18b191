import { make, setText, setTrait } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import { sizeOf } from '../view/Groups.js';
import type { RunView } from '../view/RunView.js';
import { cardOf, countsText, lookLabel } from './Card.js';
import { glyphPaths } from './glyphPaths.js';
import { depthOf, rowGroup, rowItem, itemRows, type ItemRows } from './ItemRows.js';
import type { Scene } from './Scene.js';
import { standOut } from './standOut.js';
import { svgElement } from './svgElement.js';

const ROW_HEIGHT = 28;
const ROWS_MAX = 60;
/** Rows above and below those that are seen. */
const AROUND = 8;
/** The sign of a group that is open. */
const OPEN = 'M3.5 6L8 10.5 12.5 6';

/** What the list asks of the graph. */
export interface ItemListTarget {
  /** Selects an item, or none of an open group's own row. */
  pick(item: number): void;
  toggle(group: number): void;
  reveal(item: number): void;
  /** Goes back to the drawing, where the list only lies over it; tells whether it did. */
  leave(): boolean;
}

/** The graph as a list for those who hear it or use keys: the same items, groups and selection, and few rows at a time. */
export class ItemList {
  readonly element = make('div', { class: 'list', role: 'treegrid', tabindex: 0, 'aria-label': 'Nodes as a list' });
  readonly #rows = make('div', { class: 'rows', role: 'rowgroup' });
  readonly #pool: HTMLElement[] = [];
  readonly #target: ItemListTarget;
  #view: RunView | undefined;
  #scene: Scene | undefined;
  #order: ItemRows = { rows: new Int32Array(0), rowOf: new Int32Array(0) };
  #first = 0;
  #active = 0;
  #lit: Uint8Array | undefined;
  /** By item: 1 where the filter lets it through. */
  #wanted: Uint8Array | undefined;
  #selected = -1;

  constructor(target: ItemListTarget) {
    this.#target = target;
    const names = make('div', { class: 'row names', role: 'row', 'aria-rowindex': 1 });
    for (const name of ['State', 'Node', 'Action', 'Deps']) names.append(make('span', { role: 'columnheader' }, name));
    this.element.append(make('div', { role: 'rowgroup', class: 'head' }, names), this.#rows);
    this.element.addEventListener('scroll', () => this.paint());
    // Whoever points at a row means that one: rows must not move away below the pointer.
    this.element.addEventListener('focus', () => {
      if (this.element.matches(':focus-visible')) this.#activate(this.#active, false);
    });
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('click', (event) => this.#click(event));
    this.element.addEventListener('dblclick', (event) => this.#toggle(this.#rowAt(event)));
  }

  /** Shows the items of a scene. */
  show(view: RunView, scene: Scene): void {
    this.#view = view;
    if (scene !== this.#scene) this.#arrange(scene, standOut(scene, view.matches));
    this.paint();
  }

  #arrange(scene: Scene, wanted: Uint8Array | undefined): void {
    const item = rowItem(this.#order, this.#active);
    this.#scene = scene;
    this.#wanted = wanted;
    this.#order = itemRows(scene, wanted);
    // A later drawing mostly continues the one before; where it does not, the selection puts this right.
    this.#active = Math.max(0, this.#order.rowOf[item] ?? 0);
    this.#rows.style.setProperty('height', `${this.#order.rows.length * ROW_HEIGHT}px`);
    setTrait(this.element, 'aria-rowcount', this.#order.rows.length + 1);
  }

  /** Shows nothing. */
  clear(): void {
    this.#view = this.#scene = this.#lit = this.#wanted = undefined;
    this.#order = { rows: new Int32Array(0), rowOf: new Int32Array(0) };
    this.#active = 0;
    this.#pool.length = 0;
    this.#rows.replaceChildren();
    this.element.removeAttribute('aria-activedescendant');
  }

  /** Follows the selection, without taking the focus, and the filter, which leaves rows out: by item, 1 for what it lets through. */
  select(item: number, lit: Uint8Array | undefined, wanted: Uint8Array | undefined): void {
    this.#lit = lit;
    const isNew = item !== this.#selected;
    this.#selected = item;
    const scene = this.#scene;
    const isOther = scene !== undefined && !isSame(wanted, this.#wanted);
    if (isOther) this.#arrange(scene, wanted);
    const row = this.#order.rowOf[item] ?? -1;
    if ((isNew || isOther) && row >= 0) this.#activate(row, false);
    else this.paint();
  }

  /** Writes the rows that are seen. */
  paint(): void {
    if (this.#view === undefined || this.#scene === undefined) return;
    const { scrollTop, clientHeight } = this.element;
    const total = this.#order.rows.length;
    const count = Math.min(total, ROWS_MAX, Math.ceil(clientHeight / ROW_HEIGHT) + 2 * AROUND);
    this.#first = Math.max(0, Math.min(total - count, Math.floor(scrollTop / ROW_HEIGHT) - AROUND));
    while (this.#pool.length < count) {
      const row = make('div', { class: 'row', role: 'row' });
      for (let cell = 0; cell < 4; cell += 1) row.append(make('span', { role: 'gridcell' }));
      const mark = svgElement('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svgElement('path'));
      row.firstElementChild!.append(mark, make('span'));
      this.#pool.push(row);
      this.#rows.append(row);
    }
    while (this.#pool.length > count) this.#pool.pop()!.remove();
    this.#pool.forEach((_, i) => this.#write(this.#first + i));
    const isActiveSeen = this.#active >= this.#first && this.#active < this.#first + count;
    if (isActiveSeen) setTrait(this.element, 'aria-activedescendant', rowId(this.#active));
    else this.element.removeAttribute('aria-activedescendant');
  }

  #write(row: number): void {
    const view = this.#view!;
    const scene = this.#scene!;
    const count = this.#pool.length;
    // A row keeps its element while it is scrolled past others.
    const element = this.#pool[row % count]!;
    const item = rowItem(this.#order, row);
    const group = rowGroup(this.#order, scene, row);
    const [state, id, action, deps] = Array.from(element.children) as [Element, Element, Element, Element];
    element.id = rowId(row);
    element.style.setProperty('top', `${row * ROW_HEIGHT}px`);
    setTrait(element, 'aria-rowindex', row + 2);
    const level = item < 0 ? depthOf(scene, group) : 1 + depthOf(scene, scene.drawing.frame[item]!);
    setTrait(element, 'aria-level', level);
    (id as HTMLElement).style.setProperty('padding-left', `${16 * (level - 1)}px`);
    setTrait(element, 'aria-selected', item >= 0 && item === this.#selected);
    if (group >= 0) setTrait(element, 'aria-expanded', item < 0);
    else element.removeAttribute('aria-expanded');
    if (item < 0) {
      const open = scene.groups[group];
      setTrait(element, 'class', 'row');
      fill(state, OPEN, 'open');
      setText(id, shown(open?.label ?? ''));
      setText(action, `${open === undefined ? 0 : countText(sizeOf(open))} nodes`);
      setText(deps, '');
      return;
    }
    const { look, label, detail, badge, counts } = cardOf(view, scene, item);
    setTrait(element, 'class', `row look-${look}${this.#lit !== undefined && this.#lit[item] === 0 ? ' dim' : ''}`);
    fill(state, glyphPaths[look] ?? '', lookLabel(look));
    setText(id, `${group >= 0 ? '▸ ' : ''}${shown(label)}${counts === undefined && badge !== '' ? ` ${badge}` : ''}`);
    setText(action, counts === undefined ? shown(detail) : `${badge}: ${countsText(counts)}`);
    setText(deps, String(scene.ins.start[item + 1]! - scene.ins.start[item]!));
  }

  /** Makes a row the one that keys act on, and brings it into sight. */
  #activate(row: number, isPicked: boolean): void {
    const total = this.#order.rows.length;
    this.#active = Math.max(0, Math.min(total - 1, row));
    const top = this.#active * ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.element;
    // The row of names stays at the top.
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + 2 * ROW_HEIGHT > scrollTop + clientHeight)
      this.element.scrollTop = top + 2 * ROW_HEIGHT - clientHeight;
    this.paint();
    if (isPicked && rowItem(this.#order, this.#active) >= 0) this.#target.pick(rowItem(this.#order, this.#active));
  }

  #toggle(row: number): void {
    const group = this.#scene === undefined ? -1 : rowGroup(this.#order, this.#scene, row);
    if (group >= 0) this.#target.toggle(group);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#scene === undefined) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW_HEIGHT) - 2);
    const steps = new Map([
      ['ArrowDown', 1],
      ['j', 1],
      ['ArrowUp', -1],
      ['k', -1],
      ['PageDown', page],
      ['PageUp', -page],
      ['Home', -Infinity],
      ['End', Infinity],
    ]);
    const step = steps.get(event.key);
    const item = rowItem(this.#order, this.#active);
    const group = rowGroup(this.#order, this.#scene, this.#active);
    // Who begins does so with the row that is marked.
    const isFirst = this.#selected < 0 && item >= 0 && Math.abs(step ?? 0) === 1;
    if (step !== undefined) this.#activate(this.#active + (isFirst ? 0 : step), true);
    else if (event.key === 'Enter' && group < 0) this.#target.reveal(item);
    else if (group >= 0 && (event.key === 'Enter' || event.key === (item < 0 ? 'ArrowLeft' : 'ArrowRight')))
      this.#target.toggle(group);
    else if (event.key !== 'Escape' || !this.#target.leave()) return;
    event.preventDefault();
  }

  #click(event: MouseEvent): void {
    const row = this.#rowAt(event);
    if (row >= 0) this.#activate(row, true);
  }

  #rowAt(event: Event): number {
    const element = (event.target as Element).closest('.row:not(.names)');
    return element === null ? -1 : Number(element.id.slice(1));
  }
}

const isSame = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a?.length === b?.length && (a === undefined || a.every((value, i) => value === b![i]));

const fill = (state: Element, glyph: string, word: string): void => {
  setTrait(state.firstElementChild!.firstElementChild!, 'd', glyph);
  setText(state.lastElementChild!, word);
};

const rowId = (row: number): string => `r${row}`;
