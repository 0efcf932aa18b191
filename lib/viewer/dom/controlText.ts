/** How buttons, fields and lists look in every element. */
export const controlText = `
*,::before,::after{box-sizing:border-box}
button,select,input,textarea{border:1px solid var(--dag-line);border-radius:5px;background:var(--dag-surface);min-height:26px;padding:2px 8px;line-height:20px}
button{cursor:pointer;display:inline-flex;align-items:center;justify-content:center;gap:5px;white-space:nowrap}
button:hover:not(:disabled),select:hover:not(:disabled){background:color-mix(in srgb,var(--dag-text) 7%,var(--dag-surface))}
button:disabled,select:disabled,input:disabled{cursor:default;opacity:.45}
button[aria-pressed=true]{background:color-mix(in srgb,var(--dag-accent) 16%,var(--dag-surface));border-color:var(--dag-accent)}
button.quiet{border-color:transparent;background:none}
button.quiet:hover:not(:disabled){border-color:var(--dag-line)}
button.main{background:var(--dag-accent);border-color:var(--dag-accent);color:var(--dag-surface)}
button.main:hover:not(:disabled){background:color-mix(in srgb,var(--dag-text) 15%,var(--dag-accent))}
button.danger:not(:disabled){color:var(--dag-failed-text);border-color:var(--dag-failed-line)}
button.link{border:0;background:none;padding:0;min-height:20px;color:var(--dag-accent);text-align:start;white-space:normal;overflow-wrap:anywhere;justify-content:start}
button.link:hover:not(:disabled){background:none;text-decoration:underline}
button.icon{padding:2px 5px;min-width:26px}
input::placeholder{color:var(--dag-muted);opacity:1}
textarea{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12px;resize:vertical}
input[type=checkbox]{min-height:0;margin:0}
svg{width:14px;height:14px;fill:currentColor;flex:none}
kbd{font:inherit;font-size:11px;border:1px solid var(--dag-line);border-radius:4px;padding:0 5px;background:var(--dag-bg);color:var(--dag-muted)}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12px;padding:1px 4px;border-radius:4px;border:1px solid var(--dag-line);background:var(--dag-surface);overflow-wrap:anywhere;user-select:all}
.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12px}
.muted{color:var(--dag-muted)}
.badge{display:inline-flex;align-items:center;gap:5px;border:1px solid;border-radius:10px;padding:0 8px;white-space:nowrap;line-height:19px}
@media (forced-colors:active){button[aria-pressed=true]{outline:2px solid;outline-offset:-3px}button.main{border-width:2px}}
`;
