import type { NodeState } from '../../model/ExecutorSnapshot.js';
import { make, setText, setTrait } from '../dom/make.js';
import { shown } from '../dom/shown.js';
import { GONE, looks, WAITING } from '../theme/looks.js';
import { spanText } from '../view/clockText.js';
import type { RunView } from '../view/RunView.js';
import type { Answers } from './Answers.js';
import { AttemptTable } from './AttemptTable.js';
import { Facts } from './Facts.js';
import { failureView } from './failureView.js';
import { JsonTree } from './JsonTree.js';
import { NodeCommands } from './NodeCommands.js';
import { NodeLinks } from './NodeLinks.js';
import { section } from './section.js';
import { waitingText } from './waitingText.js';

/** How often the critical path is asked for while a run goes on. */
const CRITICAL_MS = 1_000;

/** All that is known of the selected node at the moment that is shown. */
export class NodePanel {
  readonly #name = make('h2');
  readonly #look = make('span', { class: 'badge' });
  readonly #facts = new Facts();
  readonly #held = make('ul', { class: 'held' });
  readonly #heldBy = new NodeLinks();
  readonly #because = new NodeLinks();
  readonly #attempts = new AttemptTable();
  readonly #progress = new JsonTree();
  readonly #output = new JsonTree();
  readonly #inputs = new JsonTree();
  readonly #spec = new JsonTree();
  readonly #deps = new NodeLinks();
  readonly #outs = new NodeLinks();
  readonly #commands: NodeCommands;
  readonly #parts;
  readonly #close = make('button', { class: 'quiet', onclick: () => this.#view?.select(undefined) }, 'Run summary');
  readonly element: HTMLElement;
  #view: RunView | undefined;
  #index: number | undefined;
  #failure: NodeState['error'];
  #criticalAt = 0;

  constructor(answers: Answers) {
    this.#commands = new NodeCommands(answers);
    this.#parts = {
      held: section('Why not started', true, this.#held, this.#heldBy.element),
      error: section('Error', true),
      commands: section('Commands', true, this.#commands.element),
      attempts: section('Attempts', true, this.#attempts.element),
      progress: section('Progress', true, this.#progress.element),
      output: section('Output', true, this.#output.element),
      inputs: section('Inputs', false, this.#inputs.element),
      deps: section('Depends on', true, this.#deps.element),
      outs: section('Needed by', true, this.#outs.element),
      spec: section('Definition', false, this.#spec.element),
    };
    this.element = make(
      'div',
      { class: 'panel' },
      make('div', { class: 'head' }, this.#name, this.#close),
      this.#look,
      this.#facts.element,
      ...Object.values(this.#parts),
    );
  }

  show(view: RunView, index: number): void {
    const isOther = index !== this.#index || view !== this.#view;
    this.#view = view;
    if (isOther) {
      this.#index = index;
      this.#criticalAt = 0;
      this.#failure = undefined;
      this.#attempts.reset();
      this.#commands.reset();
      setText(this.#name, shown(view.idOf(index), 300) || '(no name)');
      this.#name.title = shown(view.idOf(index), 1_000);
    }
    const state = view.stateOf(index);
    const look = looks[view.looks[index] ?? GONE];
    const spec = state?.spec ?? view.specOf(index);
    setTrait(this.#look, 'class', `badge ${look?.name ?? 'gone'}`);
    setText(this.#look, look === undefined ? 'does not exist at this moment' : `${look.glyph} ${look.label}`);
    this.#showFacts(view, index, state);
    this.#showHeld(view, index);
    this.#showError(state);
    this.#attempts.show(view, index);
    this.#parts.attempts.hidden = this.#attempts.element.hidden;
    for (const [tree, part, value] of [
      [this.#progress, this.#parts.progress, state?.progress],
      [this.#output, this.#parts.output, state?.output],
      [this.#inputs, this.#parts.inputs, spec.inputs],
      [this.#spec, this.#parts.spec, spec],
    ] as const) {
      part.hidden = value === undefined;
      tree.show(value as never);
    }
    this.#deps.show(view, view.depsOf(index));
    this.#outs.show(view, view.outsOf(index));
    this.#parts.commands.hidden = state === undefined;
    if (state !== undefined) this.#commands.show(view, index, state);
  }

  #showFacts(view: RunView, index: number, state: NodeState | undefined): void {
    const spec = state?.spec ?? view.specOf(index);
    const tries = spec.tryCount ?? 1;
    const attempt = state?.attempt ?? 0;
    const because = state?.becauseOf === undefined ? undefined : view.indexOf(state.becauseOf);
    const set = (name: string, value: string | undefined): void => this.#facts.set(name, value);
    set('action', shown(spec.action));
    set('attempt', attempt === 0 ? undefined : `${attempt} of ${Math.max(tries, attempt)}`);
    set('started', state?.startedAt === undefined ? undefined : view.timeText(state.startedAt));
    set('ended', state?.endedAt === undefined ? undefined : view.timeText(state.endedAt));
    set('cached', state?.cached === true ? 'served from kept results' : undefined);
    this.#facts.set('because of', because === undefined ? undefined : this.#because.element);
    if (because !== undefined) this.#because.show(view, [because]);
    set('branch', spec.branch === undefined ? undefined : shown(spec.branch));
    set('part of', spec.parent === undefined ? undefined : shown(spec.parent));
    set('estimate', spec.estimateMs === undefined ? undefined : spanText(spec.estimateMs));
    set('about', spec.description === undefined ? undefined : shown(spec.description, 400));
    const now = performance.now();
    if (now - this.#criticalAt < CRITICAL_MS && this.#criticalAt !== 0) return;
    this.#criticalAt = now;
    const { critical } = view;
    const slack = critical.slackMs(index);
    const isOn = critical.path.includes(index);
    const hasSlack = critical.isTimed && Number.isFinite(slack);
    set(
      'critical path',
      Number.isNaN(slack)
        ? undefined
        : isOn
          ? 'yes: however many slots there are, the run takes as long as this chain'
          : 'no',
    );
    set('slack', hasSlack ? spanText(Math.max(0, slack)) : undefined);
  }

  #showHeld(view: RunView, index: number): void {
    const waiting = view.whyNot(index);
    const deps: number[] = [];
    const texts: string[] = [];
    for (const reason of waiting?.on ?? [])
      if ('dependency' in reason) {
        const dep = view.indexOf(reason.dependency);
        if (dep !== undefined) deps.push(dep);
      } else texts.push(waitingText(reason, (at) => view.timeText(at)));
    this.#parts.held.hidden = deps.length + texts.length === 0;
    setText(
      this.#parts.held.querySelector('h3')!,
      view.looks[index] === WAITING ? 'What it waits for' : 'Why not started',
    );
    while (this.#held.children.length > texts.length) this.#held.lastChild!.remove();
    texts.forEach((text, i) => {
      if (this.#held.children[i] === undefined) this.#held.append(make('li'));
      setText(this.#held.children[i]!, text);
    });
    this.#heldBy.element.hidden = deps.length === 0;
    this.#heldBy.show(view, deps);
  }

  #showError(state: NodeState | undefined): void {
    const part = this.#parts.error;
    part.hidden = state?.error === undefined;
    if (state?.error === this.#failure) return;
    this.#failure = state?.error;
    part.querySelector('.failure')?.remove();
    if (this.#failure !== undefined) part.append(failureView(this.#failure));
  }
}
