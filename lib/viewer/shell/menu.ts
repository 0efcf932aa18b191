import { make, type Child } from '../dom/make.js';

let menus = 0;

/**
 * A button with what opens below it; Esc or a press elsewhere closes that, as does a press on a button in it that opens
 * nothing itself. Arrows go from one control to the next.
 */
export const menu = (
  label: readonly Child[],
  name: string,
  ...children: readonly Child[]
): { readonly button: HTMLButtonElement; readonly panel: HTMLElement } => {
  const id = `menu-${++menus}`;
  const onkeydown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const target = event.target as HTMLElement;
    if (by === 0 || target.tagName === 'SELECT' || !panel.matches(':popover-open')) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...panel.querySelectorAll<HTMLElement>('button,select')].filter(
      (control) => !control.matches(':disabled') && control.checkVisibility(),
    );
    const at = all.indexOf(target);
    all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]?.focus();
  };
  const button = make(
    'button',
    { popovertarget: id, title: name, 'aria-label': name, 'aria-expanded': false, onkeydown },
    ...label,
  );
  const panel: HTMLElement = make(
    'div',
    {
      id,
      popover: 'auto',
      class: 'menu',
      role: 'group',
      'aria-label': name,
      onkeydown,
      onclick: (event: Event) => {
        const pressed = event.composedPath().find((target) => target instanceof HTMLButtonElement);
        if (pressed !== undefined && pressed.popoverTargetElement === null) panel.hidePopover();
      },
      ontoggle: (event: ToggleEvent) => {
        const isOpen = event.newState === 'open';
        button.setAttribute('aria-expanded', String(isOpen));
        if (!isOpen || event.target !== panel) return;
        const { left, bottom } = button.getBoundingClientRect();
        const space = innerWidth - panel.offsetWidth - 4;
        panel.style.setProperty('left', `${Math.max(4, Math.min(left, space))}px`);
        panel.style.setProperty('top', `${bottom + 3}px`);
        panel.style.setProperty('max-height', `${innerHeight - bottom - 8}px`);
      },
    },
    ...children,
  );
  return { button, panel };
};
