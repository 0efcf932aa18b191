import type { ExecutorCommand } from '../../model/ExecutorCommand.js';
import type { BranchState, NodeState } from '../../model/ExecutorSnapshot.js';
import {
  cancelBranch,
  pauseBranch,
  removeNode,
  resumeBranch,
  retryNode,
  setPriority,
  skipNode,
} from '../../model/commands.js';
import { isFinal } from '../../model/Status.js';
import { make, setText } from '../dom/make.js';
import { shown } from '../dom/shown.js';
import { setSentence } from '../dom/setSentence.js';
import { sureButton } from '../dom/sureButton.js';
import { GONE } from '../theme/looks.js';
import type { RunView } from '../view/RunView.js';
import { AnswerForm } from './AnswerForm.js';
import { whyNoCommand, type Answers } from './Answers.js';

/** How often it is asked how the branch stands, for which all its nodes are gone through. */
const BRANCH_MS = 500;

/** What may be asked for one node. A button that would be refused is off, and says why. */
export class NodeCommands {
  readonly #answers: Answers;
  #view: RunView | undefined;
  #state: NodeState | undefined;
  #branchStatus: BranchState['status'] | undefined;
  #branchAt = 0;

  readonly #retry = make('button', { onclick: () => this.#ask('Retry', (id) => retryNode(id)) }, 'Retry');
  readonly #skip = make('button', { onclick: () => this.#ask('Skip', (id) => skipNode(id)) }, 'Skip');
  readonly #remove = sureButton('Remove', () => this.#ask('Remove', (id) => removeNode(id)));
  readonly #hold = make('button', { onclick: () => this.#toggleBranch() }, 'Pause branch');
  readonly #cancel = sureButton('Cancel branch', () => this.#ask('Cancel branch', () => cancelBranch(this.#branch)));
  readonly #priority = make('input', { type: 'number', step: 'any', name: 'priority', class: 'short' });
  readonly #setPriority = make('button', {}, 'Set');
  readonly #why = make('p', { class: 'muted why' });
  readonly #branchOf = make('p', { class: 'muted why' });

  readonly #answerForm = new AnswerForm();
  readonly element = make(
    'div',
    { class: 'commands', role: 'group', 'aria-label': 'Commands for this node' },
    this.#answerForm.element,
    make('div', { class: 'buttons' }, this.#retry, this.#skip, this.#remove),
    make('div', { class: 'buttons' }, this.#hold, this.#cancel),
    this.#branchOf,
    make(
      'form',
      { class: 'buttons', onsubmit: (event: Event) => this.#prioritize(event) },
      make('label', { class: 'beside' }, 'Priority', this.#priority),
      this.#setPriority,
    ),
    this.#why,
  );

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  /** Another node is shown: its fields start anew. */
  reset(): void {
    this.#answerForm.reset();
    this.#priority.value = '';
    this.#state = undefined;
  }

  show(view: RunView, index: number, state: NodeState): void {
    const isOther = this.#state?.id !== state.id;
    if (isOther) this.#priority.value = String(state.spec.priority ?? 0);
    this.#view = view;
    this.#state = state;
    const never = whyNoCommand(view);
    const { status } = state;
    const isUnstarted = status === 'pending' || status === 'ready';
    const waitsForPerson = status === 'waiting' && view.whyNot(index)?.on.some((reason) => 'input' in reason) === true;
    const now = performance.now();
    if (isOther || now - this.#branchAt > BRANCH_MS) {
      this.#branchAt = now;
      this.#branchStatus = view.snapshot.branch(this.#branch)?.status;
    }
    const isPaused = this.#branchStatus === 'paused';
    const isCut = this.#branchStatus === 'cancelled';
    allow(this.#retry, never, status === 'failed' || status === 'cancelled', 'Only a failed or cancelled node');
    allow(
      this.#skip,
      never,
      isUnstarted || status === 'starting' || status === 'retrying' || waitsForPerson,
      'Only a node that does not run and has not ended',
    );
    allow(
      this.#remove,
      never,
      isUnstarted && state.spec.parent === undefined && !view.outsOf(index).some((out) => view.looks[out] !== GONE),
      'Only a node that has not started and that nothing depends on',
    );
    setText(this.#hold, isPaused ? 'Resume branch' : 'Pause branch');
    for (const button of [this.#hold, this.#cancel]) allow(button, never, !isCut, 'The branch is cancelled');
    setText(
      this.#branchOf,
      state.spec.branch === undefined
        ? 'Its branch: this node and all that depend on it.'
        : `Its branch: “${shown(state.spec.branch, 60)}”.`,
    );
    allow(this.#setPriority, never, !isFinal(status), 'Only a node that has not ended');
    this.#priority.disabled = this.#setPriority.disabled;
    this.#answerForm.element.hidden = !waitsForPerson;
    if (waitsForPerson) this.#answerForm.show(view, index, never !== undefined);
    setSentence(this.#why, never ?? '');
  }

  get #branch(): string {
    return this.#state?.spec.branch ?? this.#state?.id ?? '';
  }

  #ask(what: string, command: (id: string) => ExecutorCommand): void {
    if (this.#view !== undefined && this.#state !== undefined)
      void this.#answers.ask(this.#view, command(this.#state.id), what);
  }

  #toggleBranch(): void {
    const isPaused = this.#view?.snapshot.branch(this.#branch)?.status === 'paused';
    const change = isPaused ? resumeBranch(this.#branch) : pauseBranch(this.#branch);
    this.#ask(isPaused ? 'Resume branch' : 'Pause branch', () => change);
  }

  #prioritize(event: Event): void {
    event.preventDefault();
    const priority = this.#priority.valueAsNumber;
    if (Number.isFinite(priority)) this.#ask('Set priority', (id) => setPriority(id, priority));
    else this.#answers.say('A priority is a number.', true);
  }
}

/** Switches a button off where no command can be given at all, or not this one; its title says why. */
const allow = (button: HTMLButtonElement, never: string | undefined, may: boolean, else_: string): void => {
  button.disabled = never !== undefined || !may;
  button.title = never ?? (may ? '' : `${else_}.`);
};
