import { switchMap, type Observable } from 'rxjs';
import type { DagRun } from '../../../lib/index.js';
import { element } from '../page/element.js';
import { find } from '../page/find.js';
import type { CodeError } from './CodeError.js';
import { recipes } from './recipes.js';
import type { YourHook } from './YourHook.js';

const CUT_OFF = ' The engine has cut it off; the run goes on.';

/** The text area in which a hook is written, with what is wrong with it above. Ctrl-Enter applies. */
export const offerEditor = (yours: YourHook, run$: Observable<DagRun>): void => {
  const recipe = find('recipe', HTMLSelectElement);
  const code = find('code', HTMLTextAreaElement);
  const apply = find('apply', HTMLButtonElement);
  const off = find('remove', HTMLButtonElement);
  const told = find('code-told', HTMLElement);

  const tell = (text: string): void => {
    told.classList.remove('bad');
    told.replaceChildren(text);
    off.disabled = !yours.isOn;
  };
  const tellError = (error: CodeError, after: string): void => {
    told.classList.add('bad');
    const { line, column, message } = error;
    const place = line === undefined ? '' : `line ${line}${column === undefined ? '' : `:${column}`}`;
    const go = element('button', { type: 'button', class: 'link' }, place);
    go.addEventListener('click', () => selectLine(code, line ?? 1));
    told.replaceChildren(...(line === undefined ? [] : [go, ' ']), `${message}${after}`);
    off.disabled = !yours.isOn;
    told.scrollIntoView({ block: 'nearest' });
  };
  const applyCode = async (): Promise<void> => {
    const error = await yours.apply(code.value);
    if (error !== undefined) tellError(error, yours.isCut ? CUT_OFF : '');
    else if (yours.isCut) tell('Applied: the run that goes on has cut your hook off, so it begins with the next one.');
    else tell('Applied: it hears what happens from now on.');
  };

  recipe.append(...recipes.map(({ title }, i) => element('option', { value: String(i) }, title)));
  code.value = recipes[0]!.code;
  recipe.addEventListener('change', () => {
    code.value = recipes[Number(recipe.value)]!.code;
    tell('Not applied yet.');
  });
  apply.addEventListener('click', () => void applyCode());
  code.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void applyCode();
  });
  off.addEventListener('click', () => {
    yours.off();
    tell('Off.');
  });
  yours.thrown$.subscribe((error) => tellError(error, CUT_OFF));
  run$.pipe(switchMap(({ event$ }) => event$)).subscribe((event) => {
    if (event.type === 'CommandRefused' && event.by === 'yours')
      tellError({ message: `A command of it was refused: ${event.reason}` }, '');
    else if (event.type === 'HookFailed' && event.hook === 'yours' && !yours.isCut)
      tellError({ message: event.error.message }, CUT_OFF);
  });
};

/** Puts the cursor where the error is. */
const selectLine = (area: HTMLTextAreaElement, line: number): void => {
  const before = area.value.split('\n').slice(0, line - 1);
  const from = before.reduce((length, text) => length + text.length + 1, 0);
  const end = area.value.indexOf('\n', from);
  area.focus();
  area.setSelectionRange(from, end < 0 ? area.value.length : end);
};
