import { looks } from '../theme/looks.js';
import { borderOf, styles, type ShapeStyle } from './cardShapes.js';
import { DETAIL_FONT } from './Labels.js';

const lookText = looks
  .map(({ name }, look) => {
    const { dash, width } = borderOf(look);
    const own = `--fill:var(--dag-${name}-fill);--line:var(--dag-${name}-line);--text:var(--dag-${name}-text)`;
    return `.look-${look}{${own};--dash:${dash.join(' ') || 'none'};--width:${width}}`;
  })
  .join('');

const shapeText = Object.entries<ShapeStyle>(styles)
  .map(([kind, { fill, stroke, width, font, anchor }]) => {
    const line = stroke && `stroke:var(--${stroke});stroke-width:${width ?? 'var(--width)'}`;
    return `.${kind}{${fill ? `fill:var(--${fill});` : ''}${line ?? ''}${font ? `font:${font};text-anchor:${anchor ?? 'start'}` : ''}}`;
  })
  .join('');

/** The style of the graph. */
export const graphText = `
${lookText}${shapeText}
:host{display:block;container-type:inline-size;position:relative;overflow:hidden;min-height:160px;background:var(--dag-bg)}
.stage{position:absolute;inset:0;overflow:hidden;touch-action:none;cursor:grab;user-select:none;-webkit-user-select:none}
.stage:active{cursor:grabbing}
.stage:focus-visible{outline:none}
.stage:focus-visible::after{content:'';position:absolute;inset:2px;border:2px solid var(--dag-focus);border-radius:4px;pointer-events:none}
.stage.points{cursor:pointer}
.sheet{position:absolute;transform-origin:0 0;will-change:transform}
.sheet>*{position:absolute;inset:0;width:100%;height:100%}
.drawing{fill:none;overflow:hidden}
.stage:not([data-painter=canvas]) canvas{display:none}
.item.dim,.dim{opacity:.22}
.box{stroke-dasharray:var(--dash)}
.item>:not(.box){pointer-events:none}
.sign,.kind{stroke-linecap:round;stroke-linejoin:round}
.stripe{stroke-dasharray:14 10;stroke-linecap:round;opacity:.75;animation:dag-stripe 1.2s steps(16) infinite}
@keyframes dag-stripe{from{stroke-dashoffset:48}to{stroke-dashoffset:0}}
.edge{stroke:var(--dag-edge);stroke-width:var(--hair);stroke-linejoin:round;opacity:.85}
.edge.dim{opacity:.18}
.head{fill:var(--dag-edge)}
.chosen{stroke:var(--dag-accent);stroke-width:calc(1.7*var(--hair));opacity:1}
.critical{stroke:var(--dag-critical);stroke-width:calc(2.1*var(--hair));opacity:1}
.head.chosen,.head.critical{stroke:none}
.head.chosen{fill:var(--dag-accent)}
.head.critical{fill:var(--dag-critical)}
.ring,.hover{vector-effect:non-scaling-stroke;stroke:var(--dag-accent);stroke-width:2.5}
.hover{stroke-width:1.5;opacity:.7}
.outline{fill:color-mix(in srgb,var(--dag-text) 3%,transparent);stroke:var(--dag-muted);stroke-width:1;stroke-dasharray:3 4}
.frame text{fill:var(--dag-muted);font:${DETAIL_FONT}}
.fold{stroke:var(--dag-muted);stroke-width:1.3}
.corner{position:absolute;z-index:3;right:10px;bottom:10px;display:flex;gap:4px;max-width:calc(100% - 20px)}
.corner button{min-width:28px;min-height:28px;padding:2px 7px}
.foot{position:absolute;left:10px;bottom:10px;max-width:calc(100% - 190px);color:var(--dag-muted);font-size:12px;pointer-events:none}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;padding:4px 8px;border-radius:6px;color:var(--dag-text);background:color-mix(in srgb,var(--dag-surface) 88%,transparent)}
.legend svg{width:24px;height:8px;margin-inline-end:5px}
.stage:not(.far)~.foot .legend{visibility:hidden}
.notice{position:absolute;left:50%;top:12px;transform:translateX(-50%);display:flex;flex-wrap:wrap;gap:8px;align-items:center;width:max-content;max-width:calc(100% - 24px);padding:8px 12px;border:1px solid var(--dag-line);border-radius:8px;background:var(--dag-surface);box-shadow:0 2px 10px #0003}
.notice.some{top:auto;bottom:52px}
.tip{position:absolute;left:0;top:0;max-width:min(360px,90%);padding:6px 9px;border:1px solid var(--dag-line);border-radius:6px;background:var(--dag-surface);color:var(--dag-text);box-shadow:0 2px 10px #0004;pointer-events:none;font-size:12px;overflow-wrap:anywhere;z-index:3}
.tip b{display:block;font-weight:600}
.tip span{display:block;color:var(--dag-muted)}
[hidden]{display:none!important}
.list{position:absolute;inset:0 auto 0 0;width:100%;overflow:auto;background:var(--dag-surface);border-right:1px solid var(--dag-line);z-index:2;contain:strict}
:host(:not([list-open])) .list:not(:focus){width:1px;height:1px;clip-path:inset(50%);border:0}
.list:focus-visible{outline-offset:-2px}
.rows{position:relative}
.row{position:absolute;left:0;right:0;height:28px;display:grid;grid-template-columns:104px minmax(0,1fr) minmax(0,30%) 44px;gap:8px;align-items:center;padding:0 10px;white-space:nowrap}
.list .head{position:sticky;top:0;z-index:1}
.row.names{position:static;background:var(--dag-surface);border-bottom:1px solid var(--dag-line);color:var(--dag-muted);font-size:12px}
.row>*{overflow:hidden;text-overflow:ellipsis}
.row>:last-child{text-align:end}
.row svg{fill:none;stroke:var(--line,var(--dag-muted));stroke-width:2;stroke-linecap:round;stroke-linejoin:round;vertical-align:-2px;margin-inline-end:6px}
.row[aria-selected=true]{background:color-mix(in srgb,var(--dag-accent) 16%,transparent);box-shadow:inset 3px 0 var(--dag-accent)}
.row:not(.names):hover{background:color-mix(in srgb,var(--dag-text) 6%,transparent)}
.row.dim{opacity:.6}
@container (min-width:720px){.list{width:min(440px,45cqw)}:host([list-open]) .stage{left:min(440px,45cqw)}:host([list-open]) .foot{left:calc(min(440px,45cqw) + 10px)}}
@media (forced-colors:active){.box,.edge,.ring{stroke:CanvasText}.ring{stroke:Highlight}}
`;
