import { icon } from '../dom/icon.js';
import { make, type Child } from '../dom/make.js';

/** A dialog over the page: Esc, its button and a press beside it close it; the browser keeps the focus in it. */
export const modal = (title: string, kind: string, ...children: readonly Child[]): HTMLDialogElement => {
  const dialog: HTMLDialogElement = make(
    'dialog',
    {
      class: kind,
      'aria-label': title,
      onclick: (event: Event) => {
        if (event.target === dialog) dialog.close();
      },
    },
    make(
      'div',
      { class: 'sheet' },
      make(
        'div',
        { class: 'title' },
        make('h2', {}, title),
        make('button', { class: 'quiet icon', 'aria-label': 'Close', onclick: () => dialog.close() }, icon('close')),
      ),
      ...children,
    ),
  );
  return dialog;
};
