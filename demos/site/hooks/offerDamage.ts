import { switchMap, type Observable } from 'rxjs';
import type { DagRun } from '../../../lib/index.js';
import { find } from '../page/find.js';
import type { Damage, Sabotage } from './Sabotage.js';

/** The buttons that break something, with a line that tells what will happen, and what has where no node shows it. */
export const offerDamage = (sabotage: Sabotage, run$: Observable<DagRun>): void => {
  const told = find('run-told', HTMLElement);
  for (const button of find('break', HTMLElement).querySelectorAll('button'))
    button.addEventListener('click', () => {
      const isHook = button.value === 'hook';
      if (isHook) sabotage.breakHook();
      else sabotage.breakNextNode(button.value as Damage);
      told.textContent = isHook
        ? 'A hook throws when the next node starts.'
        : `The next node that starts ${button.textContent}.`;
    });
  run$.pipe(switchMap(({ event$ }) => event$)).subscribe((event) => {
    if (event.type === 'HookFailed' && event.hook === sabotage.hook.name)
      told.textContent = `A hook has thrown: “${event.error.message}” The run goes on.`;
  });
};
