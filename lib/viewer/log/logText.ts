import { looks } from '../theme/looks.js';

/** The height of a row, px. */
export const ROW = 24;

/** How the log looks. */
export const logText = `
:host{display:flex;flex-direction:column;min-height:0;min-width:0;container-type:inline-size}
.bar{display:flex;flex-wrap:wrap;gap:5px;align-items:center;padding:4px 8px;border-bottom:1px solid var(--dag-line)}
.bar input{flex:1 1 110px;min-width:0;max-width:320px}
.count{margin-inline-start:auto;white-space:nowrap}
.pins{list-style:none;margin:0;padding:0;max-height:30%;overflow:auto;border-bottom:1px solid var(--dag-line);background:var(--dag-bg)}
.pins:empty{display:none}
.pins li{display:flex;align-items:center;min-height:${ROW}px;padding:0 8px;gap:6px}
.pins .link{flex:1;min-width:0;overflow:hidden;white-space:nowrap;text-overflow:ellipsis;display:block;color:var(--dag-text)}
.grid{position:relative;flex:1;min-height:0;overflow-x:hidden;overflow-y:auto;overscroll-behavior:contain;overflow-anchor:none}
.grid:focus-visible{outline-offset:-2px}
.head{position:sticky;top:0;z-index:1;background:var(--dag-bg);color:var(--dag-muted);border-bottom:1px solid var(--dag-line)}
.head .row>*{font-size:12px}
.pane{position:sticky;top:${ROW}px;overflow:hidden;contain:strict}
.row{display:grid;grid-template-columns:24px 8ch 15ch 16ch minmax(60px,22%) 1fr;column-gap:8px;align-items:center;height:${ROW}px;line-height:${ROW}px;padding-inline-end:8px}
.pane .row{position:absolute;inset:0 0 auto 0;contain:strict;cursor:default;user-select:none;-webkit-user-select:none;box-shadow:inset 0 -1px color-mix(in srgb,var(--dag-line) 45%,transparent)}
.row[hidden]{display:none}
.row>*{overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.seq,.time{text-align:end}
.pane .seq,.pane .time{color:var(--dag-muted);font-size:12px}
.type i{display:inline-grid;place-items:center;width:16px;height:16px;margin-inline-end:6px;border:1px solid var(--line);border-radius:4px;background:var(--fill);color:var(--ink);vertical-align:-3px}
.type i svg{width:12px;height:12px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.pin{border:0;background:none;padding:0;min-height:0;width:24px;height:${ROW}px;color:var(--dag-accent);opacity:0}
.pin[aria-pressed=true]{background:none}
.pin svg{width:12px;height:12px}
.row:hover .pin,.pinned .pin,.active .pin{opacity:1}
.pane .row:hover{background:color-mix(in srgb,var(--dag-text) 5%,transparent)}
.pane .row.kin{background:color-mix(in srgb,var(--dag-accent) 8%,transparent)}
.pane .row.picked{background:color-mix(in srgb,var(--dag-accent) 20%,transparent)}
.grid:focus .active{outline:1px solid var(--dag-focus);outline-offset:-1px}
.row.later>*{color:var(--dag-muted)}
.row.later .type i{opacity:.55}
.row.now::before{content:"";position:absolute;inset:0 auto 0 0;width:3px;background:var(--dag-accent)}
.row.bad .said{color:var(--dag-failed-text)}
.row.gap{display:block;text-align:center;color:var(--dag-muted);font-style:italic;background:repeating-linear-gradient(-45deg,transparent 0 6px,color-mix(in srgb,var(--dag-line) 50%,transparent) 6px 7px)}
.none{position:absolute;inset:${ROW + 16}px 0 auto;text-align:center}
${looks.map(({ name }, look) => `.l${look}{--fill:var(--dag-${name}-fill);--line:var(--dag-${name}-line);--ink:var(--dag-${name}-text)}`).join('\n')}
@container (max-width:620px){.row{grid-template-columns:24px 6ch 14ch minmax(50px,26%) 1fr}.time{display:none}}
@container (max-width:400px){.row{grid-template-columns:24px 20px minmax(50px,40%) 1fr}.seq{display:none}.type{text-overflow:clip}.head .type{visibility:hidden}}
@media (forced-colors:active){.row.picked{outline:2px solid Highlight;outline-offset:-2px}}
`;
