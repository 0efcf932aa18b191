import { element } from '../page/element.js';
import { find } from '../page/find.js';
import type { Supervisor } from './supervisors.js';

/** A box to tick for each hook. */
export const offerSupervisors = (supervisors: readonly Supervisor[]): void => {
  find('hooks', HTMLUListElement).append(
    ...supervisors.map(({ name, does, isOn$ }) => {
      const box = element('input', { type: 'checkbox', name });
      box.checked = isOn$.value;
      box.addEventListener('change', () => isOn$.next(box.checked));
      const text = element('span', {}, element('code', {}, name), ` ${does}`);
      return element('li', {}, element('label', {}, box, text));
    }),
  );
};
