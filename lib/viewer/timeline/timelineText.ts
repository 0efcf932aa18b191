/** Heights, px. */
export const ROW = 22;
export const HEAD = 52;

/** How wide the labels are in a timeline of this width, px. */
export const labelsOf = (width: number): number => Math.round(Math.min(220, Math.max(90, width * 0.24)));

/** How the timeline looks, its canvas aside. */
export const timelineText = `
:host{position:relative;display:flex;flex-direction:column;min-height:0;min-width:0;container-type:inline-size}
.bar{display:flex;flex-wrap:wrap;gap:5px;align-items:center;padding:4px 8px;border-bottom:1px solid var(--dag-line)}
.bar label{display:inline-flex;gap:5px;align-items:center}
.zoom{display:inline-flex;gap:3px}
.count{margin-inline-start:auto;white-space:nowrap}
.box{position:relative;flex:1;min-height:0;overflow-x:hidden;overflow-y:auto;overscroll-behavior:contain;overflow-anchor:none}
canvas{position:sticky;top:0;display:block;width:100%;touch-action:pan-y;outline-offset:-2px!important}
.none{position:absolute;inset:${HEAD + 16}px 0 auto;text-align:center;pointer-events:none}
.tip{position:absolute;z-index:2;top:0;left:0;max-width:min(340px,80%);padding:6px 9px;border:1px solid var(--dag-line);border-radius:6px;background:var(--dag-surface);color:var(--dag-text);font-size:12px;pointer-events:none;box-shadow:0 3px 12px rgb(0 0 0/.2)}
.tip[hidden]{display:none}
.tip b{display:block;overflow-wrap:anywhere;font-size:13px;margin-bottom:2px}
.tip dl{display:grid;grid-template-columns:auto 1fr;gap:0 10px;margin:0}
.tip dt{color:var(--dag-muted)}
.tip dd{margin:0}
@container (max-width:460px){.bar label span{display:none}}
`;
