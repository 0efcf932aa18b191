/** How the scrubber looks. */
export const scrubberText = `
:host{display:block;container-type:inline-size}
.row{display:grid;grid-template-columns:auto 1fr auto;gap:8px;align-items:center;padding:4px 8px}
.group{display:flex;gap:3px;align-items:center}
.group select{padding:2px 4px}
.wide{margin-inline-start:4px}
.track{position:relative;height:26px;min-width:60px}
canvas{position:absolute;inset:auto 7px 2px 7px;width:calc(100% - 14px);height:8px;pointer-events:none}
input[type=range]{appearance:none;position:absolute;inset:0;width:100%;margin:0;padding:0;border:0;background:none;min-height:0;height:26px;cursor:pointer}
input[type=range]::-webkit-slider-runnable-track{height:4px;border-radius:2px;background:linear-gradient(to right,var(--dag-accent) var(--at),var(--dag-line) var(--at))}
input[type=range]::-moz-range-track{height:4px;border-radius:2px;background:linear-gradient(to right,var(--dag-accent) var(--at),var(--dag-line) var(--at))}
input[type=range]::-webkit-slider-thumb{appearance:none;width:14px;height:14px;margin-top:-5px;border-radius:50%;background:var(--dag-surface);border:3px solid var(--dag-accent)}
input[type=range]::-moz-range-thumb{box-sizing:border-box;width:14px;height:14px;border-radius:50%;background:var(--dag-surface);border:3px solid var(--dag-accent)}
.where{position:relative;display:flex;gap:8px;align-items:center;white-space:nowrap}
.at{display:flex;gap:0 4px}
.time::before{content:"· "}
.where [role=status]:not(.sr){position:absolute;inset:auto 0 calc(100% + 6px) auto;padding:2px 8px;background:var(--dag-surface);border:1px solid var(--dag-line);border-radius:5px;box-shadow:0 3px 12px #0003}
.live::before{content:"";width:8px;height:8px;border-radius:50%;background:var(--dag-muted)}
.live[aria-pressed=true]:not(.lost)::before{background:var(--dag-succeeded-line)}
@container (max-width:660px){.row{grid-template-columns:1fr auto}.track{grid-row:1;grid-column:1/-1}.wide{display:none}.at{flex-direction:column;font-size:12px;line-height:15px;text-align:end}.time::before{content:""}}
@container (max-width:400px){.group select{width:60px}.at{white-space:normal;flex-shrink:1;min-width:0}}
@media (forced-colors:active){input[type=range]{appearance:auto}.live::before{border:1px solid}.live[aria-pressed=true]:not(.lost)::before{background:Highlight}}
`;
