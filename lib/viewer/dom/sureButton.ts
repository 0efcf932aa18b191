import { make } from './make.js';

const SURE_MS = 4_000;

/** A button for what cannot be undone: it asks once more in its own place, and forgets the first press after a while. */
export const sureButton = (label: string, act: () => void): HTMLButtonElement => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = (): void => {
    clearTimeout(timer);
    timer = undefined;
    button.textContent = label;
  };
  const button = make(
    'button',
    {
      type: 'button',
      class: 'danger',
      onclick: () => {
        if (timer !== undefined) {
          rest();
          act();
          return;
        }
        button.textContent = `${label}: sure?`;
        timer = setTimeout(rest, SURE_MS);
      },
      onblur: rest,
    },
    label,
  );
  return button;
};
