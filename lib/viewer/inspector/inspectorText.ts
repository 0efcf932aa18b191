import { looks } from '../theme/looks.js';

/** Each look's colours for what carries its name as class. */
export const lookText = looks
  .map(
    ({ name }) =>
      `.badge.${name},.look.${name} .glyph{background:var(--dag-${name}-fill);border-color:var(--dag-${name}-line);color:var(--dag-${name}-text)}` +
      `:is(.links,.differences) .${name}{color:var(--dag-${name}-line)}`,
  )
  .join('');

/** How the inspector looks. */
export const inspectorText = `
:host{display:flex;flex-direction:column;overflow:hidden;min-width:0}
.body{flex:1;overflow:auto;min-height:0;scrollbar-gutter:stable}
.panel{padding:10px 12px;display:flex;flex-direction:column;gap:8px;align-items:stretch}
.panel>.badge{align-self:start}
.head{display:flex;gap:8px;align-items:start;justify-content:space-between}
h2{font-size:15px;line-height:22px;margin:0;overflow-wrap:anywhere}
h3{display:inline;font-size:12px;font-weight:600;margin:0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 12px;margin:0}
dt{color:var(--dag-muted)}
dd{margin:0;overflow-wrap:anywhere;min-width:0}
.section{border-top:1px solid var(--dag-line);padding-top:6px}
summary{cursor:pointer;line-height:20px;border-radius:3px}
.section[open]>summary{margin-bottom:4px}
.json{overflow-wrap:anywhere}
.json .items{padding-inline-start:14px;border-inline-start:1px solid var(--dag-line);margin-inline-start:4px}
.json .leaf{padding-inline-start:14px}
.json .key{color:var(--dag-muted)}
.json .text{white-space:pre-wrap;color:var(--dag-succeeded-text)}
.json .number{color:var(--dag-accent)}
.json button,.links button{font:inherit}
ul{list-style:none;margin:0;padding:0}
.links li{display:grid;grid-template-columns:16px 1fr;gap:4px}
.links li>:only-child{grid-column:1/-1}
.held li::before{content:"· "}
.failure{border-inline-start:3px solid var(--dag-failed-line);padding-inline-start:8px}
.message{margin:0 0 4px;white-space:pre-wrap;overflow-wrap:anywhere}
pre{margin:2px 0 6px;padding:6px;background:var(--dag-bg);border-radius:4px;font-size:11px;max-height:220px;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.attempts{border-collapse:collapse;width:100%}
th{font-weight:400;color:var(--dag-muted);text-align:start;padding:0 8px 2px 0}
td{padding:1px 8px 1px 0;border-top:1px solid var(--dag-line)}
.looks{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:3px}
.look{justify-content:start;padding:2px 6px;min-width:0}
.look .label{overflow:hidden;text-overflow:ellipsis}
.look .count{margin-inline-start:auto;font-weight:600;font-variant-numeric:tabular-nums}
.look .glyph,.look .count{flex:none}
.look .glyph{width:20px;line-height:18px;border:1px solid;border-radius:4px;text-align:center}
.commands{display:flex;flex-direction:column;gap:6px}
.buttons{display:flex;flex-wrap:wrap;gap:5px;align-items:center}
.beside{display:flex;gap:6px;align-items:center}
.short{width:84px}
.answering{display:grid;gap:5px;justify-items:start}
.answering label{display:grid;gap:3px;justify-self:stretch}
.answering textarea{width:100%;min-width:0}
.answering .answer{border:0;padding:2px 6px;border-radius:4px;justify-self:stretch}
.question{margin:0;font-weight:600;white-space:pre-wrap;overflow-wrap:anywhere}
.answering>:empty,.asking:empty{display:none}
.asking{display:grid;gap:3px}
.asking .badge{justify-content:start;text-align:start;white-space:normal;overflow-wrap:anywhere;border-radius:5px;padding:3px 8px}
.why{margin:0;font-size:12px}
.answer{margin:0;padding:5px 12px;border-top:1px solid var(--dag-line);overflow-wrap:anywhere}
.answer:empty{padding:0;border:0}
.answer.refused{color:var(--dag-failed-text);background:var(--dag-failed-fill)}
[hidden]{display:none!important}
${lookText}
`;
