import { drawRoute } from '../layout/drawRoute.js';
import { layered } from '../layout/layered.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import type { Graph } from '../model/Graph.js';
import { cutLabel } from './cutLabel.js';
import { drawnLook } from './drawnLook.js';
import { drawnNodes, type DrawnNode } from './drawnNodes.js';
import { drawnText } from './drawnText.js';
import { actionText, kindsOf, nodeKinds, type NodeKind } from './nodeKinds.js';
import { svgStyle } from './svgStyle.js';

const MARGIN = 16;
const WIDTH = 168;
const HEIGHT = 40;
/** How much of a title is shown; ids may be of any length. */
const TITLE_MAX = 500;
const NAME_COLUMNS = 20;
const STATE_COLUMNS = 17;
const LINE_COLUMNS = 23;
/** A sign of a kind takes so much of the first line. */
const SIGN = 16;
const SIGN_COLUMNS = 2;
/** Of the legend. */
const LEGEND_ROW = 18;
const LEGEND_WIDTH = 280;

/**
 * Draws a definition, or a run as it stands, as SVG that needs nothing else: in layers from left to right, light or dark
 * as its viewer likes it. Nothing that users have written is taken for a part of the drawing.
 */
export const toSvg = (source: Graph | ExecutorSnapshot): string => {
  const nodes = drawnNodes(source);
  const edges = nodes.flatMap(({ deps }, node) => deps.map((dep) => [dep, node] as const));
  const layout = layered(
    {
      size: nodes.length,
      from: Int32Array.from(edges, ([from]) => from),
      to: Int32Array.from(edges, ([, to]) => to),
    },
    { nodeWidth: WIDTH, nodeHeight: HEIGHT },
  );
  const used = new Set(nodes.flatMap(({ spec }) => kindsOf(spec)));
  const legend = nodeKinds.filter((kind) => used.has(kind));
  const [width, height] = [
    Math.max(layout.width, legend.length > 0 ? LEGEND_WIDTH : 0) + 2 * MARGIN,
    layout.height + 2 * MARGIN + (legend.length > 0 ? legend.length * LEGEND_ROW + MARGIN : 0),
  ].map(rounded) as [number, number];
  const looks = new Set<string>(legend.length > 0 ? ['plain'] : []);
  const boxes = nodes.map((node, i) => {
    const look = 'dagName' in source && node.state !== undefined ? drawnLook(node.state, source) : undefined;
    const name = look?.name ?? 'plain';
    looks.add(name);
    const at = `${rounded(layout.x[i]! - WIDTH / 2 + MARGIN)} ${rounded(layout.y[i]! - HEIGHT / 2 + MARGIN)}`;
    const left = look === undefined ? 10 : 32;
    const kinds = kindsOf(node.spec);
    const columns = (look === undefined ? NAME_COLUMNS : STATE_COLUMNS) - SIGN_COLUMNS * kinds.length;
    return [
      `<g class="${name}" transform="translate(${at})"><title>${escaped(titleOf(node, kinds, look?.name))}</title>`,
      `<rect width="${WIDTH}" height="${HEIGHT}" rx="6"/>`,
      ...(look === undefined ? [] : [`<text class="g" x="18" y="25">${look.glyph}</text>`]),
      `<text x="${left}" y="17">${label(node.id, columns)}</text>`,
      ...kinds.map(({ sign }, i) => signAt(sign, WIDTH - 6 - SIGN * (kinds.length - i), 6)),
      `<text class="s" x="${left}" y="32">${label(secondLine(node, kinds, look?.name), LINE_COLUMNS - (look === undefined ? 0 : 4))}</text></g>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="rxdag" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${escaped(cutLabel('dagName' in source ? source.dagName : source.name, TITLE_MAX))}</title>`,
    `<style>${svgStyle(looks)}</style>`,
    '<defs><marker id="rxdag-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 .5 8 4 0 7.5z"/></marker></defs>',
    `<g transform="translate(${MARGIN} ${MARGIN})">`,
    ...edges.flatMap(([from, to], edge) => {
      if (from === to) return [];
      const path: string[] = [];
      drawRoute(layout, edge, {
        moveTo: (...at) => path.push(`M${at.map(rounded).join(' ')}`),
        lineTo: (...at) => path.push(`L${at.map(rounded).join(' ')}`),
        bezierCurveTo: (...at) => path.push(`C${at.map(rounded).join(' ')}`),
      });
      return [`<path class="e" d="${path.join('')}"/>`];
    }),
    '</g>',
    ...boxes,
    ...legend.map(({ name, meaning, sign }, i) => {
      const at = `translate(${MARGIN} ${height - MARGIN - LEGEND_ROW * (legend.length - i)})`;
      return `<g transform="${at}" class="plain">${signAt(sign, 0, 3)}<text x="${SIGN + 4}" y="13">${name}: ${meaning}</text></g>`;
    }),
    '</svg>',
    '',
  ].join('\n');
};

const signAt = (sign: string, x: number, y: number): string =>
  `<path class="k" transform="translate(${x} ${y})" d="${sign}"/>`;

const titleOf = ({ id, spec, state }: DrawnNode, kinds: readonly NodeKind[], look: string | undefined): string => {
  const error = state?.error === undefined ? '' : `: ${state.error.message}`;
  const stand = look === undefined ? '' : `, ${look}${error}`;
  return `${cutLabel(id, TITLE_MAX)} (${cutLabel(actionText(spec, kinds), TITLE_MAX)})${cutLabel(stand, TITLE_MAX)}`;
};

const secondLine = ({ spec, state }: DrawnNode, kinds: readonly NodeKind[], look = ''): string => {
  if (state === undefined) return actionText(spec, kinds);
  const stand = state.attempt > 1 ? `${look}, attempt ${state.attempt}` : look;
  return [stand, ...kinds.map(({ name }) => name)].join(' · ');
};

/** The text is made harmless first: what is written out takes room. */
const label = (text: string, columns: number): string =>
  escaped(cutLabel(drawnText(cutLabel(text, TITLE_MAX)), columns));

const rounded = (n: number): number => Math.round(n * 10) / 10;

const escaped = (text: string): string =>
  drawnText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
