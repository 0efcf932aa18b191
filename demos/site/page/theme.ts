import { kept } from '../../../lib/viewer/shell/kept.js';
import { setTheme, type Theme } from '../../../lib/viewer/theme/Colours.js';
import { baseSheet } from '../../../lib/viewer/theme/sheet.js';
import { find } from './find.js';

const themes: readonly Theme[] = ['light', 'dark', 'contrast'];

/** Lets the visitor choose a theme in the header. It is remembered where the viewer remembers its own, and follows that. */
export const offerThemes = (): void => {
  baseSheet();
  const choice = find('theme', HTMLSelectElement);
  const choose = (name: string | undefined): void => setTheme(themes.find((known) => known === name));
  const show = (): void => {
    choice.value = document.documentElement.dataset['theme'] ?? 'auto';
  };
  document.addEventListener('dag-theme', show);
  choose(kept.read('theme'));
  choice.addEventListener('change', () => {
    kept.write('theme', choice.value);
    choose(choice.value);
  });
};
