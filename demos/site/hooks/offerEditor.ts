import { element } from '../page/element.js';
import { find } from '../page/find.js';
import type { CodeError } from './CodeError.js';
import { recipes } from './recipes.js';
import type { YourHook } from './YourHook.js';

/** The text area in which a hook is written, with what is wrong with it above. Ctrl-Enter applies. */
export const offerEditor = (yours: YourHook): void => {
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
    if (error === undefined) tell('Applied: it hears what happens from now on.');
    else tellError(error, '');
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
  yours.thrown$.subscribe((error) => tellError(error, ' The engine has cut it off; the run goes on.'));
};

/** Puts the cursor where the error is. */
const selectLine = (area: HTMLTextAreaElement, line: number): void => {
  const before = area.value.split('\n').slice(0, line - 1);
  const from = before.reduce((length, text) => length + text.length + 1, 0);
  const end = area.value.indexOf('\n', from);
  area.focus();
  area.setSelectionRange(from, end < 0 ? area.value.length : end);
};
