import type { Failure } from '../../model/Failure.js';
import { make } from '../dom/make.js';
import { shown, shownLines } from '../dom/shown.js';
import { JsonTree } from './JsonTree.js';

const CAUSES_MAX = 10;

/** An error in words: name and message at once, stack and data to be opened, its causes below it. */
export const failureView = (failure: Failure): HTMLElement => {
  const view = make('div', { class: 'failure' });
  let told: Failure | undefined = failure;
  for (let i = 0; told !== undefined && i < CAUSES_MAX; i++, told = told.cause) {
    const { name, message, stack, data } = told;
    view.append(
      make(
        'p',
        { class: 'message' },
        make('strong', {}, `${i === 0 ? '' : 'caused by '}${shown(name, 80)}`),
        `: ${shownLines(message.slice(0, 2_000))}`,
      ),
    );
    if (stack !== undefined)
      view.append(make('details', {}, make('summary', {}, 'stack'), make('pre', { tabindex: 0 }, shownLines(stack))));
    if (data !== undefined) {
      const tree = new JsonTree();
      tree.show(data);
      view.append(make('details', {}, make('summary', {}, 'data'), tree.element));
    }
  }
  return view;
};
