const SVG = 'http://www.w3.org/2000/svg';

/** The outlines of the icons, on a field of 16 by 16. */
const outlines = {
  play: 'M5 3v10l8-5z',
  stop: 'M4 4h8v8H4z',
  back: 'M11 3v10L5 8zM3.5 3H5v10H3.5z',
  forward: 'M5 3v10l6-5zM11 3h1.5v10H11z',
  previous: 'M8 4.5 12.5 10l-1 1L8 6.8 4.5 11l-1-1z',
  next: 'M8 11.5 3.5 6l1-1L8 9.2 11.5 5l1 1z',
  close: 'M4.5 3.5 8 7l3.5-3.5 1 1L9 8l3.5 3.5-1 1L8 9l-3.5 3.5-1-1L7 8 3.5 4.5z',
  down: 'M4 6h8l-4 4.5z',
} as const;

/** An icon in the colour of the text; what it means is said by the button around it. */
export const icon = (name: keyof typeof outlines): SVGElement => {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', outlines[name]);
  svg.append(path);
  return svg;
};
