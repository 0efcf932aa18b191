/** What lies under a place of the timeline. */
export interface Place {
  readonly part: 'moment' | 'axis' | 'label' | 'bars';
  /** -1 where there is none. */
  readonly row: number;
}

/** What gestures do. */
export interface GestureDeeds {
  placeAt(x: number, y: number): Place;
  select(row: number): void;
  reveal(row: number): void;
  /** The pointer rests over a place; undefined when it has left. */
  hover(place: Place | undefined, x: number, y: number): void;
  /** The moment is drawn to a place. */
  seek(x: number): void;
  /** A range is being drawn on the axis, or was. */
  brush(from: number, to: number, isDone: boolean): void;
  pan(x: number, y: number): void;
  zoom(factor: number, x: number): void;
  scroll(y: number): boolean;
}

/** So far a press may stray and still be a click, px. */
const CLICK_PX = 4;

const cursors = { moment: 'ew-resize', axis: 'crosshair', label: 'default', bars: 'default' };

/** Hears what a pointer and a wheel do on a canvas. */
export const hearGestures = (canvas: HTMLCanvasElement, deeds: GestureDeeds): void => {
  let begun: (Place & { readonly x: number; readonly y: number }) | undefined;
  let last = { x: 0, y: 0 };
  let isDrag = false;

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    const { offsetX: x, offsetY: y } = event;
    begun = { ...deeds.placeAt(x, y), x, y };
    last = { x, y };
    isDrag = begun.part === 'moment';
    deeds.hover(undefined, x, y);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    const { offsetX: x, offsetY: y } = event;
    if (begun === undefined) {
      const place = deeds.placeAt(x, y);
      canvas.style.cursor = cursors[place.part];
      deeds.hover(place, x, y);
      return;
    }
    if (!isDrag && Math.hypot(x - begun.x, y - begun.y) < CLICK_PX) return;
    isDrag = true;
    if (begun.part === 'moment') deeds.seek(x);
    else if (begun.part === 'axis') deeds.brush(begun.x, x, false);
    else {
      canvas.style.cursor = 'grabbing';
      deeds.pan(last.x - x, event.pointerType === 'touch' ? 0 : last.y - y);
    }
    last = { x, y };
  });
  const end = (event: PointerEvent): void => {
    const { offsetX: x } = event;
    if (begun !== undefined && isDrag && begun.part === 'axis') deeds.brush(begun.x, x, event.type === 'pointerup');
    else if (begun !== undefined && !isDrag && event.type === 'pointerup') deeds.select(begun.row);
    if (event.type !== 'pointerup') deeds.brush(0, 0, true);
    begun = undefined;
    canvas.style.cursor = '';
  };
  canvas.addEventListener('pointerup', end);
  canvas.addEventListener('pointercancel', end);
  canvas.addEventListener('pointerleave', () => deeds.hover(undefined, 0, 0));
  canvas.addEventListener('dblclick', ({ offsetX, offsetY }) => deeds.reveal(deeds.placeAt(offsetX, offsetY).row));
  canvas.addEventListener(
    'wheel',
    (event) => {
      const unit = event.deltaMode === 1 ? 20 : event.deltaMode === 2 ? 400 : 1;
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (event.ctrlKey || event.metaKey) deeds.zoom(Math.exp(-event.deltaY * unit * 0.004), event.offsetX);
      else if (isSideways) deeds.pan((event.deltaX || event.deltaY) * unit, 0);
      else if (!deeds.scroll(event.deltaY * unit)) return;
      event.preventDefault();
    },
    { passive: false },
  );
};
