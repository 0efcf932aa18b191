import { make, type Child } from '../dom/make.js';

let menus = 0;

/** A button with what it opens below it; Esc or a press elsewhere closes that, as does a press on a button in it. */
export const menu = (
  label: readonly Child[],
  name: string,
  ...children: readonly Child[]
): { readonly button: HTMLButtonElement; readonly panel: HTMLElement } => {
  const id = `menu-${++menus}`;
  const button = make(
    'button',
    { popovertarget: id, title: name, 'aria-label': name, 'aria-expanded': false },
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
      onclick: (event: Event) => {
        if (event.composedPath().some((target) => target instanceof HTMLButtonElement)) panel.hidePopover();
      },
      ontoggle: (event: ToggleEvent) => {
        const isOpen = event.newState === 'open';
        button.setAttribute('aria-expanded', String(isOpen));
        if (!isOpen) return;
        const { left, bottom } = button.getBoundingClientRect();
        const space = innerWidth - panel.offsetWidth - 4;
        panel.style.setProperty('left', `${Math.max(4, Math.min(left, space))}px`);
        panel.style.setProperty('top', `${bottom + 3}px`);
      },
    },
    ...children,
  );
  return { button, panel };
};
