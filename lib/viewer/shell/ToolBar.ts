import { icon } from '../dom/icon.js';
import { make, setText, setTrait } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import type { RunStatus } from '../../model/Status.js';
import { whyNoCommand } from '../inspector/Answers.js';
import { looks } from '../theme/looks.js';
import type { RunView } from '../view/RunView.js';
import { chooseTheme, clocks, groupings, themes, toggleCritical } from './commandsOf.js';
import { exportsOf } from './exports.js';
import { kept } from './kept.js';
import { menu } from './menu.js';
import { paneNames } from './Panes.js';
import { drawnForms, type DialogName, type Shell } from './Shell.js';

/** The look that a run's status has. */
const statusLooks: Readonly<Record<RunStatus, string>> = {
  running: 'running',
  paused: 'paused',
  quiescent: 'waiting',
  cancelling: 'cancelled',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** The bar above everything: which run this is, how it stands, and how it is looked at. */
export class ToolBar {
  readonly #shell: Shell;
  readonly #all = make(
    'button',
    { class: 'link all', hidden: true, onclick: () => this.#shell.showAllRuns() },
    'All runs',
  );
  readonly #name = make('h1');
  readonly #status = make('span', { class: 'badge' });
  readonly #moment = make('span', { class: 'muted moment' });
  readonly #panes = paneNames.map((name) =>
    make(
      'button',
      { class: 'tab', onclick: () => this.#shell.panes.toggle(name) },
      name[0]!.toUpperCase() + name.slice(1),
    ),
  );
  readonly #hide = this.#toggle('Hide done', 'Leaves out what has ended well (h)', (view) =>
    view.setHidesDone(!view.hidesDone),
  );
  readonly #critical = this.#toggle('Critical path', 'The chain that the run cannot end before (p)', toggleCritical);
  readonly #follow = this.#toggle('Follow', 'Keeps what runs in sight; else the picture never moves by itself', () =>
    this.#shell.panes.toggleFollowing(),
  );
  readonly #grouping = choice('Group', groupings, (name) => this.#shell.view?.setGrouping(name));
  readonly #clock = choice('Times', clocks, (name) => this.#shell.view?.setClock(name));
  readonly #theme = choice('Theme', themes, chooseTheme);
  readonly #add = this.#opener('Add node', 'Adds a node to the run as it goes on (a)', 'add');
  readonly #fork = this.#opener('Re-run', 'Runs again from the moment that is shown', 'fork');
  readonly #diff = this.#opener('Compare', 'Compares this run with another one', 'diff');
  readonly #save = menu(
    ['Save', icon('down')],
    'Save',
    ...[...drawnForms, ...exportsOf.map(({ name }) => name)].map((form) =>
      make('button', { class: 'quiet', onclick: () => this.#shell.save(form) }, form),
    ),
  );
  readonly #more = make(
    'button',
    { class: 'quiet icon more', 'aria-label': 'More tools', 'aria-expanded': false, onclick: () => this.#showMore() },
    icon('more'),
  );
  readonly element: HTMLElement;

  constructor(shell: Shell) {
    this.#shell = shell;
    const act = (label: string, title: string, run: (view: RunView) => void): HTMLElement =>
      make('button', { title, onclick: () => shell.view !== undefined && run(shell.view) }, label);
    this.#theme.select.value = kept.read('theme') ?? 'auto';
    this.element = make(
      'section',
      { class: 'bar', 'aria-label': 'Tools' },
      make('div', { class: 'name' }, this.#all, this.#name, this.#status, this.#moment, this.#more),
      shell.filter.element,
      make(
        'div',
        { class: 'tools' },
        this.#add,
        this.#fork,
        this.#diff,
        this.#save.button,
        this.#save.panel,
        this.#opener('Commands', 'All commands and nodes (Ctrl+K)', 'palette'),
        this.#opener('Keys', 'All keys (?)', 'keys'),
      ),
      make('div', { class: 'views', role: 'group', 'aria-label': 'Views' }, ...this.#panes),
      make(
        'div',
        { class: 'extra' },
        this.#hide,
        this.#grouping.element,
        act('Fold', 'Folds all groups', (view) => view.foldAll()),
        act('Open', 'Opens all groups', (view) => view.openAll()),
        this.#critical,
        act('Fit', 'Fits the whole graph into its pane (f)', () => shell.panes.graph.fit()),
        this.#follow,
        make('span', { class: 'gap' }),
        this.#clock.element,
        this.#theme.element,
      ),
    );
  }

  show(view: RunView): void {
    const { panes } = this.#shell;
    const look = looks.find(({ name }) => name === statusLooks[view.status])!;
    setText(this.#name, shown(view.dagName, 60) || 'Run');
    setTrait(this.#name, 'title', shown(`${view.dagName} · run ${view.runId}`, 300));
    this.#all.hidden = !this.#shell.hasList;
    const isStale = !view.isOver && ['retrying', 'ended'].includes(view.connection.state);
    setTrait(this.#status, 'class', isStale ? 'badge stale' : `badge ${look.name}`);
    setText(this.#status, isStale ? `${view.status} when last heard` : `${look.glyph} ${view.status}`);
    setText(this.#moment, view.isLive ? '' : `at #${countText(view.seq)}, in the past`);
    paneNames.forEach((name, i) => setTrait(this.#panes[i]!, 'aria-pressed', panes.isShown(name)));
    setTrait(this.#hide, 'aria-pressed', view.hidesDone);
    setTrait(this.#critical, 'aria-pressed', view.highlightKind === 'critical');
    setTrait(this.#follow, 'aria-pressed', panes.graph.followRunning);
    this.#grouping.select.value = view.grouping;
    this.#clock.select.value = view.clock;
    const never = whyNoCommand(view);
    this.#add.disabled = never !== undefined;
    this.#add.hidden = view.role === 'reader';
    this.#fork.hidden = !view.canFork;
    this.#diff.hidden = !view.canDiff;
  }

  #toggle(label: string, title: string, run: (view: RunView) => void): HTMLButtonElement {
    return make(
      'button',
      { title, 'aria-pressed': false, onclick: () => this.#shell.view !== undefined && run(this.#shell.view) },
      label,
    );
  }

  #opener(label: string, title: string, dialog: DialogName): HTMLButtonElement {
    return make('button', { title, onclick: () => this.#shell.open(dialog) }, label);
  }

  #showMore(): void {
    const isOpen = this.element.classList.toggle('open');
    this.#more.setAttribute('aria-expanded', String(isOpen));
  }
}

/** A labelled list to choose one of. */
const choice = <N extends string>(
  label: string,
  names: readonly N[],
  chosen: (name: N) => void,
): { readonly element: HTMLElement; readonly select: HTMLSelectElement } => {
  const select: HTMLSelectElement = make(
    'select',
    { onchange: () => chosen(select.value as N) },
    ...names.map((name) => make('option', { value: name }, name)),
  );
  return { element: make('label', { class: 'beside' }, label, select), select };
};
