/** How far a pointer has to move to drag. */
const STILL = 4;
const SVG = 'http://www.w3.org/2000/svg';

/**
 * Lets an edge be dragged from node to node: where the pointer goes down a node is clicked at once, the graph does not pan,
 * and the click where it goes up is the second one.
 */
export const dragEdges = (stage: HTMLElement, isDrawing: () => boolean): void => {
  const drawn = document.createElementNS(SVG, 'svg');
  const line = drawn.appendChild(document.createElementNS(SVG, 'line'));
  drawn.setAttribute('class', 'drawn');
  let from: { readonly x: number; readonly y: number } | undefined;

  stage.addEventListener('pointerdown', (event) => {
    const [target] = event.composedPath();
    if (!isDrawing() || event.button !== 0 || !(target instanceof Element) || !isOnNode(target)) return;
    const { clientX, clientY } = event;
    from = { x: clientX, y: clientY };
    target.dispatchEvent(new MouseEvent('click', { clientX, clientY, bubbles: true, composed: true }));
  });
  window.addEventListener(
    'pointermove',
    (event) => {
      if (from === undefined) return;
      event.stopPropagation();
      const { clientX, clientY } = event;
      if (Math.hypot(clientX - from.x, clientY - from.y) < STILL) return;
      const { left, top } = stage.getBoundingClientRect();
      const ends = { x1: from.x - left, y1: from.y - top, x2: clientX - left, y2: clientY - top };
      for (const [name, at] of Object.entries(ends)) line.setAttribute(name, String(at));
      stage.append(drawn);
    },
    { capture: true },
  );
  const end = (): void => {
    from = undefined;
    drawn.remove();
  };
  window.addEventListener('pointerup', end, { capture: true });
  window.addEventListener('pointercancel', end, { capture: true });
};

/** Over a node the drawing shows that it can be clicked; buttons lie above it. */
const isOnNode = (target: Element): boolean =>
  target.closest('[role=application]') !== null &&
  target.closest('button') === null &&
  getComputedStyle(target).cursor === 'pointer';
