import { cancelRun, pauseRun, resumeRun, setConcurrency } from '../../model/commands.js';
import { make, setText, setTrait } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import { setSentence } from '../dom/setSentence.js';
import { sureButton } from '../dom/sureButton.js';
import { looks } from '../theme/looks.js';
import { spanText } from '../view/clockText.js';
import { runStand } from '../view/runStand.js';
import type { RunView } from '../view/RunView.js';
import { whyNoCommand, type Answers } from './Answers.js';
import { AskingNodes } from './AskingNodes.js';
import { clockEnd } from './clockEnd.js';
import { Facts } from './Facts.js';
import { JsonTree } from './JsonTree.js';
import { section } from './section.js';

/** The run as a whole: what is shown while no node is selected. */
export class RunPanel {
  readonly #answers: Answers;
  readonly #name = make('h2');
  readonly #asking = new AskingNodes();
  readonly #facts = new Facts();
  readonly #counts = looks.map((look, code) => {
    const count = make('span', { class: 'count' });
    const button = make(
      'button',
      { class: `look ${look.name}`, 'aria-pressed': false, onclick: () => this.#filter(code) },
      make('span', { class: 'glyph', 'aria-hidden': true }, look.glyph),
      make('span', { class: 'label' }, look.label),
      count,
    );
    return { button, count };
  });
  readonly #inputs = new JsonTree();
  readonly #config = new JsonTree();
  readonly #custom = new JsonTree();
  readonly #hold = make('button', { onclick: () => this.#toggleHold() }, 'Pause run');
  readonly #cancel = sureButton('Cancel run', () => {
    if (this.#view !== undefined) void this.#answers.ask(this.#view, cancelRun(), 'Cancel run');
  });
  readonly #parallel = make('input', { type: 'number', min: 1, step: 1, name: 'parallel', class: 'short' });
  readonly #setParallel = make('button', {}, 'Set');
  readonly #why = make('p', { class: 'muted why' });
  readonly #parts = {
    metrics: section('Metrics of its own', true, this.#custom.element),
    inputs: section('Inputs', false, this.#inputs.element),
    config: section('Configuration', false, this.#config.element),
  };
  readonly element = make(
    'div',
    { class: 'panel' },
    make('div', { class: 'head' }, this.#name),
    this.#asking.element,
    this.#facts.element,
    make(
      'div',
      { class: 'looks', role: 'group', 'aria-label': 'Nodes by state; a press shows only these' },
      ...this.#counts.map(({ button }) => button),
    ),
    section(
      'Commands',
      true,
      make(
        'div',
        { class: 'commands', role: 'group', 'aria-label': 'Commands for the run' },
        make('div', { class: 'buttons' }, this.#hold, this.#cancel),
        make(
          'form',
          { class: 'buttons', onsubmit: (event: Event) => this.#change(event) },
          make('label', { class: 'beside' }, 'Nodes at once', this.#parallel),
          this.#setParallel,
        ),
        this.#why,
      ),
    ),
    ...Object.values(this.#parts),
  );
  #view: RunView | undefined;
  #limit = 0;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  show(view: RunView): void {
    this.#view = view;
    const { snapshot } = view;
    const { metrics, maxParallelNodes } = snapshot;
    const never = whyNoCommand(view);
    setText(this.#name, shown(view.dagName, 300) || 'Run');
    this.#asking.show(view);
    const set = (name: string, value: string | undefined): void => this.#facts.set(name, value);
    set('run', shown(view.runId));
    set('status', runStand(view).text);
    set('took', view.log.size > 0 ? spanText(Math.max(0, clockEnd(view) - view.startedAt)) : undefined);
    set('nodes', countText(metrics.nodesTotal));
    set('time in nodes', spanText(metrics.runningMs));
    set('retries', metrics.retries === 0 ? undefined : countText(metrics.retries));
    set('cache hits', metrics.cacheHits === 0 ? undefined : countText(metrics.cacheHits));
    set('at once', `at most ${countText(maxParallelNodes)} nodes`);
    this.#counts.forEach(({ button, count }, code) => {
      const size = view.counts[code] ?? 0;
      setText(count, countText(size));
      button.hidden = size === 0 && view.filterText !== filterOf(code);
      setTrait(button, 'aria-pressed', view.filterText === filterOf(code));
    });
    if (maxParallelNodes !== this.#limit) this.#parallel.value = String((this.#limit = maxParallelNodes));
    setText(this.#hold, view.status === 'paused' ? 'Resume run' : 'Pause run');
    for (const control of [this.#hold, this.#cancel, this.#parallel, this.#setParallel])
      control.disabled = never !== undefined;
    setSentence(this.#why, never ?? '');
    const first = view.log.size > 0 ? view.log.at(1) : undefined;
    const start = first?.type === 'RunStarted' ? first : undefined;
    const hasCustom = Object.keys(metrics.custom).length > 0;
    this.#parts.metrics.hidden = !hasCustom;
    this.#parts.inputs.hidden = this.#parts.config.hidden = start === undefined;
    this.#custom.show(hasCustom ? metrics.custom : undefined);
    if (start !== undefined && this.#shownRun !== start.runId) {
      this.#shownRun = start.runId;
      this.#inputs.show(start.inputs);
      this.#config.show(start.config as never);
    }
  }

  #shownRun: string | undefined;

  #filter(code: number): void {
    const wanted = filterOf(code);
    this.#view?.setFilter(this.#view.filterText === wanted ? '' : wanted);
  }

  #toggleHold(): void {
    const view = this.#view;
    if (view === undefined) return;
    const isPaused = view.status === 'paused';
    void this.#answers.ask(view, isPaused ? resumeRun() : pauseRun(), isPaused ? 'Resume run' : 'Pause run');
  }

  #change(event: Event): void {
    event.preventDefault();
    const limit = this.#parallel.valueAsNumber;
    if (this.#view === undefined) return;
    if (Number.isInteger(limit) && limit > 0)
      void this.#answers.ask(this.#view, setConcurrency(limit), 'Nodes at once');
    else this.#answers.say('How many nodes may run at once is a whole number from 1.', true);
  }
}

const filterOf = (code: number): string => `state:${looks[code]!.name}`;
