import { dark, light, type Palette } from './lookPalette.js';

const rules = (palette: Palette, names: ReadonlySet<string>, back: string, edge: string): string =>
  [
    `.rxdag{background:${back}}.rxdag .e{stroke:${edge}}.rxdag marker path{fill:${edge}}`,
    ...Object.entries(palette)
      .filter(([name]) => names.has(name))
      .map(
        ([name, [fill, line, text]]) =>
          `.rxdag .${name} rect{fill:${fill};stroke:${line}}.rxdag .${name} text{fill:${text}}.rxdag .${name} .k{stroke:${text}}`,
      ),
  ].join('\n');

/** The style sheet of a drawing that has these looks. */
export const svgStyle = (names: ReadonlySet<string>): string => `
.rxdag{font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-size:12px}
.rxdag .e{fill:none;stroke-width:1.3;marker-end:url(#rxdag-arrow)}
.rxdag rect{stroke-width:1.3}
.rxdag .s{font-size:10.5px;opacity:.85}
.rxdag .g{font-size:14px;text-anchor:middle}
.rxdag .k{fill:none;stroke-width:1.3;stroke-linecap:round;stroke-linejoin:round}
.rxdag .failed rect{stroke-width:2.4}
.rxdag .retrying rect,.rxdag .timed-out rect,.rxdag .skipped rect{stroke-dasharray:5 3}
.rxdag .starting rect,.rxdag .waiting rect,.rxdag .cancelled rect{stroke-dasharray:1.5 2.5}
${rules(light, names, '#f6f7f9', '#8a95a3')}
@media (prefers-color-scheme:dark){
${rules(dark, names, '#101317', '#667283')}
}
`;
