/** What pointers and wheels ask for; points are in pixels from the element's left top corner. */
export interface GestureTarget {
  pan(x: number, y: number): void;
  zoomAt(factor: number, x: number, y: number): void;
  click(x: number, y: number): void;
  doubleClick(x: number, y: number): void;
  hover(x: number, y: number): void;
  leave(): void;
}

/** A pointer that has moved less than this has clicked. */
const STILL = 4;
const LINE = 16;

/** Turns what mice, fingers and wheels do to an element into moves of a camera, clicks and hovers. */
export const listenToGestures = (element: HTMLElement, target: GestureTarget): void => {
  const pointers = new Map<number, { x: number; y: number }>();
  let travelled = 0;

  const at = (event: MouseEvent): { x: number; y: number } => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 && event.button !== 1) return;
    if (pointers.size === 0) travelled = 0;
    pointers.set(event.pointerId, at(event));
  });

  element.addEventListener('pointermove', (event) => {
    const now = at(event);
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType !== 'touch') target.hover(now.x, now.y);
      return;
    }
    travelled += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (travelled < STILL) return;
    // From here on the pointer is ours, even outside of the element; a click never needs that.
    element.setPointerCapture(event.pointerId);
    target.leave();
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    if (other === undefined) return target.pan(now.x - before.x, now.y - before.y);
    const spread = Math.hypot(before.x - other.x, before.y - other.y);
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    target.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    if (spread > 0) target.zoomAt(Math.hypot(now.x - other.x, now.y - other.y) / spread, middle.x, middle.y);
  });

  const end = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
  };
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
  element.addEventListener('pointerleave', (event) => {
    if (!element.hasPointerCapture(event.pointerId)) end(event);
    target.leave();
  });

  element.addEventListener('click', (event) => {
    const { x, y } = at(event);
    if (travelled < STILL) target.click(x, y);
  });
  element.addEventListener('dblclick', (event) => {
    const { x, y } = at(event);
    target.doubleClick(x, y);
  });

  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      target.leave();
      const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? element.clientHeight : 1;
      const { x, y } = at(event);
      // Pinching a touch pad comes as a wheel with ctrl.
      if (event.ctrlKey || event.metaKey) {
        const step = Math.max(-100, Math.min(100, event.deltaY * unit));
        target.zoomAt(Math.exp(-step / (Math.abs(step) < 50 ? 100 : 400)), x, y);
      } else if (event.shiftKey && event.deltaX === 0) target.pan(-event.deltaY * unit, 0);
      else target.pan(-event.deltaX * unit, -event.deltaY * unit);
    },
    { passive: false },
  );
};
