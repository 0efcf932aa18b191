import { find } from '../page/find.js';
import type { Damage, Sabotage } from './Sabotage.js';

/** The buttons that break something. */
export const offerDamage = (sabotage: Sabotage): void => {
  for (const button of find('break', HTMLElement).querySelectorAll('button'))
    button.addEventListener('click', () => {
      if (button.value === 'hook') sabotage.breakHook();
      else sabotage.breakNextNode(button.value as Damage);
    });
};
