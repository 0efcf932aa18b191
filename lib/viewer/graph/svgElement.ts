const SVG = 'http://www.w3.org/2000/svg';

/** Makes an SVG element. */
export const svgElement = <K extends keyof SVGElementTagNameMap>(
  tag: K,
  traits: Readonly<Record<string, string | number>> = {},
  ...children: readonly SVGElement[]
): SVGElementTagNameMap[K] => {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(traits)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
};
