import { lookText } from '../inspector/inspectorText.js';

const frame = `
:host{display:block;height:100%;min-height:320px}
.page{display:grid;grid-template-rows:auto auto minmax(0,1fr) auto auto;grid-template-columns:minmax(0,1fr);flex:1;width:100%;height:100%;min-height:inherit;overflow:hidden;background:var(--dag-bg);container-type:inline-size;position:relative}
[hidden]{display:none!important}
button.all{flex:none;white-space:nowrap}
.badge.stale{opacity:.6;border-style:dashed}
.bar{grid-row:1;display:flex;gap:6px 10px;align-items:center;padding:6px 10px;background:var(--dag-surface);border-bottom:1px solid var(--dag-line)}
.name{flex:0 1 auto;display:flex;gap:8px;align-items:center;min-width:0}
h1{flex:0 9 auto;font-size:15px;line-height:24px;font-weight:650;margin:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-width:40px}
.name .badge{flex:0 1 auto;min-width:0;min-height:0;overflow:hidden;text-overflow:ellipsis;justify-content:start}
.moment{white-space:nowrap}
.filter{flex:1 1 190px;position:relative;display:flex;gap:2px;align-items:center;min-width:190px;max-width:560px}
.filter input{flex:1;min-width:80px;background:var(--dag-bg)}
.told{white-space:nowrap;padding:0 4px;overflow:hidden;text-overflow:ellipsis}
.told:empty{padding:0}
.hidden-done{flex:none;padding:1px 7px;font-size:12px;white-space:nowrap}
.filter .wrong{position:absolute;inset:calc(100% + 4px) 0 auto;z-index:3;margin:0;padding:4px 8px;overflow-wrap:anywhere;background:var(--dag-surface);border:1px solid var(--dag-failed-line);border-radius:5px;box-shadow:0 6px 24px #0003}
.filter .wrong:empty{display:none}
.wrong{color:var(--dag-failed-text)}
.tools{flex:none;display:flex;gap:5px;margin-inline-start:auto}
.views{flex:none;display:flex}
.tab{border-radius:0;margin-inline-start:-1px;padding:2px 10px}
.tab:first-child{border-radius:5px 0 0 5px;margin:0}
.tab:last-child{border-radius:0 5px 5px 0}
.tab[aria-pressed=true],.tab:focus-visible{position:relative;z-index:1}
.banner{grid-row:2;margin:0;padding:6px 12px;background:var(--dag-retrying-fill);color:var(--dag-retrying-text);border-bottom:1px solid var(--dag-retrying-line)}
.banner.calm{background:var(--dag-bg);color:var(--dag-text);border-color:var(--dag-line)}
.panes{grid-row:3;display:flex;min-height:0;min-width:0}
.left{flex:1;display:flex;flex-direction:column;min-width:0;min-height:0}
.pane{display:flex;min-width:0;min-height:0;background:var(--dag-surface)}
.pane>*{flex:1;min-width:0;min-height:0}
.above{flex:1}
.below{flex:none;height:var(--below)}
.side{flex:none;width:var(--side);min-width:240px}
.above[hidden]~.below{flex:1;height:auto}
.left[hidden]~.side{flex:1}
.splitter{flex:none;height:5px;background:var(--dag-line);background-clip:content-box;padding:2px 0;cursor:row-resize;touch-action:none}
.splitter.upright{height:auto;width:5px;padding:0 2px;cursor:col-resize}
.splitter:hover,.splitter:focus-visible{background-color:var(--dag-accent);background-clip:border-box}
.time{grid-row:4;border-top:1px solid var(--dag-line);background:var(--dag-surface)}
.end{grid-row:5;border-top:1px solid var(--dag-line);font-size:12px;color:var(--dag-muted)}
.foot{display:flex;flex-wrap:wrap;gap:0 14px;padding:2px 10px;align-items:center;min-height:25px}
.foot>:empty{display:none}
.foot>[role=status]{display:block}
.link-state::before{content:"";display:inline-block;width:8px;height:8px;border-radius:50%;margin-inline-end:6px;background:var(--dag-muted)}
.link-state.live::before{background:var(--dag-succeeded-line)}
.link-state.retrying::before,.link-state.connecting::before{background:var(--dag-retrying-line)}
.answer{margin:0;margin-inline-start:auto;color:var(--dag-text);overflow-wrap:anywhere}
.answer.refused{color:var(--dag-failed-text)}
@media (forced-colors:active){.splitter{background:ButtonText}.link-state::before{border:1px solid}}
`;

const opened = `
.menu{position:fixed;margin:0;inset:auto;padding:6px;border:1px solid var(--dag-line);border-radius:8px;background:var(--dag-surface);color:var(--dag-text);box-shadow:0 6px 24px #0003;max-width:calc(100vw - 8px)}
.menu{overflow:auto}
.part>button,.menu>button{display:flex;width:100%;justify-content:start;padding:3px 10px}
.menu kbd{margin-inline-start:auto}
.menu.wide{padding:10px;width:min(420px,calc(100vw - 8px))}
.menu.wide:popover-open{display:grid;grid-template-columns:1fr 1fr;gap:0 18px;align-items:start}
.part{margin-bottom:10px}
.part b{display:block;font-size:12px;margin:0 6px 4px}
.menu .tools{margin:0 6px 10px;grid-column:1/-1}
.menu .beside{display:flex;justify-content:space-between;gap:8px;align-items:center;padding:3px 10px}
.menu button[aria-pressed=true]::before{content:"✓"}
.menu h3{font-size:12px;margin:0 6px 4px}
.help{display:grid;grid-template-columns:max-content 1fr;gap:3px 14px;margin:4px 6px}
.help dd{margin:0;color:var(--dag-muted)}
dialog{border:1px solid var(--dag-line);border-radius:10px;padding:0;background:var(--dag-surface);color:var(--dag-text);box-shadow:0 12px 48px #0005;width:min(520px,calc(100vw - 24px));max-height:min(86vh,760px)}
dialog::backdrop{background:#0006}
dialog[open]{display:flex}
.sheet{flex:1;padding:12px 16px 16px;display:flex;flex-direction:column;gap:8px;min-width:0;overflow:auto}
.title{display:flex;justify-content:space-between;align-items:center}
.title h2{font-size:15px;margin:0}
.palette{margin-top:10vh}
[role=listbox]{overflow:auto;min-height:0;max-height:50vh}
[role=option]{display:grid;grid-template-columns:64px 1fr auto;gap:8px;padding:4px 8px;border-radius:5px;cursor:pointer;align-items:center}
.diff [role=option]{grid-template-columns:minmax(0,auto) minmax(0,1fr) auto}
.what{overflow-wrap:anywhere}
[role=option]:hover{background:var(--dag-bg)}
[role=option][aria-selected=true]{background:color-mix(in srgb,var(--dag-accent) 16%,var(--dag-surface))}
[role=combobox]{padding:5px 10px}
dialog.diff{width:min(820px,calc(100vw - 24px))}
.diff p{margin:0;overflow-wrap:anywhere}
.diff .sheet>p:empty{display:none}
.differences{list-style:none;margin:0 0 8px;padding:0}
.differences li,.heads{display:grid;grid-template-columns:minmax(90px,1fr) minmax(0,2fr) minmax(0,2fr);gap:2px 12px;padding:4px 0;border-top:1px solid var(--dag-line);overflow-wrap:anywhere;align-items:start}
.heads{border:0;margin:0}
.none:empty{display:none}
.none{margin:4px 8px}
dialog.keys{width:min(860px,calc(100vw - 24px))}
.columns{columns:2 320px;column-gap:28px;overflow:auto}
.columns section{margin-bottom:12px}
.columns h3{break-after:avoid;font-size:12px;color:var(--dag-muted);margin:0 0 4px;font-weight:600}
.columns dl{margin:0}
.columns .pair{break-inside:avoid;display:flex;justify-content:space-between;gap:12px;padding:2px 0;border-top:1px solid var(--dag-line)}
dd{margin:0}
.way{display:inline-flex;gap:3px}
.way+.way::before{content:"or";color:var(--dag-muted);padding:0 4px}
form{display:flex;flex-direction:column;gap:10px}
form>label,.field>label,.form .pair label{display:flex;flex-direction:column;gap:3px}
form p,form ul{margin:0}
.form .pair{display:grid;grid-template-columns:1fr 1fr;gap:10px}
.form .pair input{min-width:0;width:100%}
.form ul{list-style:none;padding:0}
.form .told{white-space:normal;padding:0}
.chips{display:flex;flex-wrap:wrap;gap:4px;margin-top:4px!important}
.chips:empty{display:none}
.chips li{display:flex;align-items:center;border:1px solid var(--dag-line);border-radius:5px;padding-inline-start:8px;overflow-wrap:anywhere}
.actions,.buttons{display:flex;gap:6px;justify-content:end;flex-wrap:wrap}
.found{display:grid;gap:8px}
.found:empty{display:none}
.links li{display:grid;grid-template-columns:16px 1fr;gap:4px}
form p:empty{display:none}
form [role=status]:empty{display:block;min-height:0}
${lookText}
`;

const narrow = `
@container (max-width:1180px){
.bar{flex-wrap:wrap;row-gap:3px}
.name{flex:1 1 220px}
.bar::before{content:"";order:1;flex:0 0 100%}
.filter{order:1;flex:1 0 300px;max-width:none}
.views{order:1}
}
@container (max-width:760px){
.bar{padding:6px 8px;row-gap:4px}
.name{flex:1 1 0}
.views,.filter{flex:1 0 100%}
.moment span{display:none}
.name .badge:has(+.badge:not([hidden])){display:none}
.menu.wide:popover-open{grid-template-columns:1fr;width:min(300px,calc(100vw - 8px))}
.diff [role=option]{grid-template-columns:minmax(0,1fr) auto}
.diff [role=option]>.badge{grid-area:1/2}
.diff [role=option]>:last-child{grid-area:2/1/auto/-1}
.foot>.seq{display:none}
.differences li,.heads{grid-template-columns:1fr 1fr}
.differences li>:first-child{grid-column:1/-1}
.heads>:first-child{display:none}
.views .tab{flex:auto;padding:2px 4px;min-width:0}
.side,.below{flex:1;width:auto;height:auto;min-width:0}
.foot{gap:0 10px}
}
`;

/** How the page looks. */
export const viewerText = frame + opened + narrow;
