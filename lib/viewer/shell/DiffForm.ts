import { dayText } from '../dom/dayText.js';
import { make, setText } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import { eventSentence } from '../log/eventSentence.js';
import type { ListedRun } from '../source/ListedRun.js';
import type { RunDifference } from '../source/RunDifference.js';
import { looks } from '../theme/looks.js';
import { standOfText } from '../view/runStand.js';
import type { RunView } from '../view/RunView.js';
import { ChoiceList, type Choice } from './ChoiceList.js';
import { differences } from './differences.js';
import { fuzzy } from './fuzzy.js';
import { modal } from './modal.js';

const ROWS_MAX = 50;

/** The dialog that compares this run with another one that is known: from which event on they differ, and in which nodes. */
export class DiffForm {
  readonly #openRun: (runId: string) => void;
  readonly #choices = new ChoiceList({
    id: 'compare',
    label: 'Other run',
    placeholder: 'Type a run’s id or its pipeline',
    search: (typed) => this.#search(typed),
    take: (typed) => {
      if (typed !== '') void this.#compare(typed);
    },
  });
  readonly #told = make('p', { role: 'status' });
  readonly #found = make('div', { class: 'found' });
  readonly element = modal(
    'Compare with another run',
    'diff',
    this.#choices.input,
    this.#choices.list,
    this.#choices.note,
    this.#told,
    this.#found,
  );
  #view: RunView | undefined;
  /** Undefined where nobody knows which there are. */
  #runs: readonly ListedRun[] | undefined;
  #lack = '';
  /** What is being compared with. */
  #other: string | undefined;

  constructor(openRun: (runId: string) => void) {
    this.#openRun = openRun;
  }

  open(view: RunView): void {
    this.#view = view;
    this.#runs = undefined;
    this.#lack = 'Reading which runs there are …';
    this.#clear();
    this.#choices.reset();
    this.element.showModal();
    this.#choices.input.focus();
    void this.#read(view);
  }

  async #read(view: RunView): Promise<void> {
    this.#lack = 'Type its id, then Enter.';
    try {
      const listing = await view.runs();
      this.#runs = listing?.runs
        .filter(({ runId, damage }) => runId !== view.runId && damage === undefined)
        .sort((a, b) => Number(isAlike(b, view)) - Number(isAlike(a, view)) || b.startedAt - a.startedAt);
      if (this.#runs?.length === 0) this.#lack = 'No other run is known.';
    } catch (thrown) {
      this.#lack = `${(thrown as Error).message} ${this.#lack}`;
    }
    if (view === this.#view && this.#other === undefined) this.#choices.search();
  }

  #search(typed: string): { readonly choices: readonly Choice[]; readonly note: string } {
    this.#clear();
    const runs = this.#runs ?? [];
    const found: { readonly run: ListedRun; readonly score: number }[] = [];
    for (const run of runs) {
      const score = Math.max(fuzzy(typed, run.runId), fuzzy(typed, run.dagName) / 2);
      if (score > 0) found.push({ run, score: run.runId === typed ? Infinity : score });
    }
    if (typed !== '') found.sort((a, b) => b.score - a.score);
    const left = found.length - ROWS_MAX;
    return {
      choices: found.slice(0, ROWS_MAX).map(({ run }) => ({
        run: () => {
          this.#choices.input.value = run.runId;
          void this.#compare(run.runId);
        },
        row: () => runRow(run),
      })),
      note:
        left > 0
          ? `and ${countText(left)} more`
          : found.length > 0
            ? ''
            : runs.length > 0
              ? 'No run has such a name.'
              : this.#lack,
    };
  }

  #clear(): void {
    this.#other = undefined;
    setText(this.#told, '');
    this.#found.replaceChildren();
    this.#choices.list.hidden = this.#choices.note.hidden = false;
  }

  async #compare(other: string): Promise<void> {
    const view = this.#view;
    if (view === undefined) return;
    this.#other = other;
    this.#choices.list.hidden = this.#choices.note.hidden = true;
    setText(this.#told, 'Comparing …');
    let text: string;
    let difference: RunDifference | undefined;
    try {
      difference = await view.diff(other);
      text = sentenceOf(difference);
    } catch (thrown) {
      text = `Not compared: ${(thrown as Error).message}`;
    }
    if (view !== this.#view || other !== this.#other) return;
    setText(this.#told, shown(text, 400));
    if (difference !== undefined) this.#show(view, other, difference);
  }

  #show(view: RunView, other: string, difference: RunDifference): void {
    const closing =
      (act: () => void): (() => void) =>
      () => {
        this.element.close();
        act();
      };
    const button = (text: string, act: () => void): HTMLElement =>
      make('button', { type: 'button', onclick: closing(act) }, text);
    const { firstSeq } = difference;
    const event = firstSeq === undefined || firstSeq > view.log.size ? undefined : view.log.at(firstSeq);
    const node = event !== undefined && 'nodeId' in event ? `${shown(event.nodeId, 60)}: ` : '';
    this.#found.replaceChildren(
      event === undefined
        ? ''
        : make('p', { class: 'muted' }, `Event ${countText(event.seq)} here: ${node}${eventSentence(event)}`),
      make(
        'div',
        { class: 'buttons' },
        firstSeq !== undefined && button('Go to that event', () => view.seek(firstSeq)),
        button('Open the other run', () => this.#openRun(other)),
      ),
      differences(view, other, difference, (index) => closing(() => view.select(index))()),
    );
  }
}

const isAlike = ({ dagName }: ListedRun, view: RunView): boolean => dagName === view.dagName;

const sentenceOf = ({ firstSeq, differing }: RunDifference): string => {
  if (firstSeq === undefined) return 'Both have the same events.';
  const nodes = differing.length === 1 ? 'one node' : `${countText(differing.length)} nodes`;
  return `They differ from event ${countText(firstSeq)} on${differing.length === 0 ? '; all nodes ended alike' : `, in ${nodes}`}.`;
};

const runRow = ({ runId, dagName, stand, startedAt }: ListedRun): HTMLElement => {
  const { text, look } = standOfText(stand);
  return make(
    'div',
    {},
    make('span', { class: `badge ${look}` }, `${looks.find(({ name }) => name === look)!.glyph} ${text}`),
    make('span', { class: 'what' }, shown(runId, 200)),
    make('span', { class: 'muted' }, `${shown(dagName, 40)} · ${dayText(startedAt)}`),
  );
};
