import { element } from '../page/element.js';
import { find } from '../page/find.js';
import { samples } from './samples.js';

/** All ways in which a file comes into the page: chosen, dropped, pasted, or one of the samples. */
export const offerFiles = (
  take: (text: string, name: string) => void,
  refuse: (name: string, why: string) => void,
): void => {
  const sample = find('sample', HTMLSelectElement);
  const file = find('file', HTMLInputElement);
  const drop = find('drop', HTMLElement);
  /** Of what was given last: what takes longer to read does not come after it. */
  let latest = 0;
  const read = (given: File | undefined): void => {
    if (given === undefined) return;
    const nth = ++latest;
    given.text().then(
      (text) => {
        if (nth !== latest) return;
        sample.value = '';
        take(text, given.name);
      },
      () => {
        if (nth === latest) refuse(given.name, 'it can’t be read; is it a folder, or gone?');
      },
    );
  };

  sample.append(
    ...samples.map(({ file, title }) => element('option', { value: file }, title)),
    element('option', { value: '', hidden: '' }, 'Your file'),
  );
  sample.addEventListener('change', () => {
    latest++;
    const chosen = samples.find(({ file }) => file === sample.value);
    if (chosen !== undefined) take(chosen.text, chosen.file);
  });
  file.addEventListener('change', () => {
    read(file.files?.[0]);
    file.value = ''; // so that the same file may be chosen once more
  });
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.hidden = false;
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) drop.hidden = true;
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.hidden = true;
    read(event.dataTransfer?.files[0]);
  });
  document.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const into = event.target;
    if (text.trim() === '' || into instanceof HTMLInputElement || into instanceof HTMLTextAreaElement) return;
    latest++;
    sample.value = '';
    take(text, text.trimStart().startsWith('{') ? 'pasted.json' : 'pasted.yaml');
  });
};
