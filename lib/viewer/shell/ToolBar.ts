import { icon } from '../dom/icon.js';
import { make, setText, setTrait } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import { whyNoCommand } from '../inspector/Answers.js';
import { looks } from '../theme/looks.js';
import { askingNodes, runStand } from '../view/runStand.js';
import type { RunView } from '../view/RunView.js';
import { chooseTheme, clocks, groupings, themes, toggleCritical } from './commandsOf.js';
import { exportsOf } from './exports.js';
import { kept } from './kept.js';
import { menu } from './menu.js';
import { paneNames } from './Panes.js';
import { drawnForms, type DialogName, type Shell } from './Shell.js';

/** The bar above everything: which run this is, how it stands, how it is looked at; what is seldom done is in its menu. */
export class ToolBar {
  readonly #shell: Shell;
  readonly #all = make(
    'button',
    { class: 'link all', hidden: true, onclick: () => this.#shell.showAllRuns() },
    'All runs',
  );
  readonly #name = make('h1');
  readonly #status = make('span', { class: 'badge' });
  readonly #asking = make('button', { class: 'badge waiting', onclick: () => this.#showAsking() });
  readonly #when = make('span');
  readonly #moment = make('span', { class: 'muted moment' }, this.#when, 'past');
  readonly #panes = paneNames.map((name) =>
    make(
      'button',
      { class: 'tab', onclick: () => this.#shell.panes.toggle(name) },
      name[0]!.toUpperCase() + name.slice(1),
    ),
  );
  readonly #hide = this.#item('Hide done', 'Leaves out what has ended well', 'h', (view) =>
    view.setHidesDone(!view.hidesDone),
  );
  readonly #critical = this.#item('Critical path', 'The chain that the run cannot end before', 'p', toggleCritical);
  readonly #follow = this.#item(
    'Follow what runs',
    'Keeps what runs in sight; else the picture never moves by itself',
    '',
    () => this.#shell.panes.toggleFollowing(),
  );
  readonly #grouping = choice('Group by', groupings, (name) => this.#shell.view?.setGrouping(name));
  readonly #clock = choice('Times', clocks, (name) => this.#shell.view?.setClock(name));
  readonly #theme = choice('Theme', themes, chooseTheme);
  readonly #add = this.#item('Add node', 'Adds a node while the run goes on', 'a', () => this.#shell.open('add'));
  readonly #fork = this.#opener('Re-run', 'Runs again from the moment that is shown', 'fork');
  readonly #diff = this.#opener('Compare', 'Compares with another run', 'diff');
  readonly #save = menu(
    ['Save', icon('down')],
    'Save',
    ...[...drawnForms, ...exportsOf.map(({ name }) => name)].map((form) =>
      make('button', { class: 'quiet', onclick: () => this.#shell.save(form) }, form),
    ),
  );
  readonly #tools = make('div', { class: 'tools' }, this.#fork, this.#diff, this.#save.button, this.#save.panel);
  readonly #more;
  readonly element: HTMLElement;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.#theme.select.value = kept.read('theme') ?? 'auto';
    this.#more = menu(
      [make('span', {}, 'More'), icon('down')],
      'More tools',
      part(
        'Graph',
        this.#hide,
        this.#critical,
        this.#follow,
        this.#item('Fit', 'Fits the whole graph into its pane', 'f', () => shell.panes.graph.fit()),
        this.#item('Fold all groups', 'Makes one box of each group', '', (view) => view.foldAll()),
        this.#item('Open all groups', 'Shows the nodes of all groups', '', (view) => view.openAll()),
        this.#grouping.element,
      ),
      make(
        'div',
        {},
        part('Run', this.#add),
        part('Page', this.#clock.element, this.#theme.element),
        part(
          'Help',
          this.#item('Commands', 'All commands and nodes', 'Ctrl K', () => shell.open('palette')),
          this.#item('Keys', 'All keys', '?', () => shell.open('keys')),
        ),
      ),
    );
    this.#more.panel.classList.add('wide');
    this.element = make(
      'section',
      { class: 'bar', 'aria-label': 'Tools' },
      make('div', { class: 'name' }, this.#all, this.#name, this.#status, this.#asking, this.#moment),
      make('div', { class: 'views', role: 'group', 'aria-label': 'Views' }, ...this.#panes),
      shell.filter.element,
      this.#tools,
      this.#more.button,
      this.#more.panel,
    );
  }

  show(view: RunView): void {
    const { panes } = this.#shell;
    const stand = runStand(view);
    const look = looks.find(({ name }) => name === stand.look)!;
    setText(this.#name, shown(view.dagName, 60) || 'Run');
    setTrait(this.#name, 'title', shown(`${view.dagName} · run ${view.runId}`, 300));
    this.#all.hidden = !this.#shell.hasList;
    const isStale = !view.isOver && ['retrying', 'ended'].includes(view.connection.state);
    setTrait(this.#status, 'class', isStale ? 'badge stale' : `badge ${look.name}`);
    setText(this.#status, isStale ? `${stand.text} when last heard` : `${look.glyph} ${stand.text}`);
    setTrait(this.#status, 'title', view.isOver ? '' : (view.owner.text ?? ''));
    const asking = askingNodes(view, 1)[0];
    const isAsking = asking !== undefined && !view.isOver && !isStale;
    this.#asking.hidden = !isAsking;
    this.#status.hidden = isAsking && stand.look === 'waiting';
    if (asking !== undefined) {
      setText(this.#asking, `… ${this.#status.hidden ? stand.text : 'input needed'}`);
      setTrait(this.#asking, 'title', `“${shown(view.idOf(asking), 80)}” waits for a person: shows it`);
    }
    this.#moment.hidden = view.isLive;
    setText(this.#when, `at #${countText(view.seq)}, in the `);
    paneNames.forEach((name, i) => setTrait(this.#panes[i]!, 'aria-pressed', panes.isShown(name)));
    setTrait(this.#hide, 'aria-pressed', view.hidesDone);
    setTrait(this.#critical, 'aria-pressed', view.highlightKind === 'critical');
    setTrait(this.#follow, 'aria-pressed', panes.graph.followRunning);
    this.#grouping.select.value = view.grouping;
    this.#clock.select.value = view.clock;
    const never = whyNoCommand(view);
    this.#add.disabled = never !== undefined;
    setTrait(this.#add, 'title', never ?? 'Adds a node while the run goes on');
    this.#add.hidden = view.role === 'reader';
    this.#fork.hidden = !view.canFork;
    this.#diff.hidden = !view.canDiff;
    // Where there is no room beside the menu, what stands there is in it.
    const home = panes.isNarrow ? this.#more.panel : this.element;
    if (this.#tools.parentElement !== home)
      home.insertBefore(this.#tools, panes.isNarrow ? home.firstChild : this.#more.button);
  }

  #showAsking(): void {
    const { view, panes } = this.#shell;
    const asking = view && askingNodes(view, 1)[0];
    if (asking === undefined) return;
    view!.select(asking);
    panes.show('inspector');
  }

  /** Something in the menu, with the key that does the same. */
  #item(label: string, title: string, key: string, run: (view: RunView) => void): HTMLButtonElement {
    return make(
      'button',
      { class: 'quiet', title, onclick: () => this.#shell.view !== undefined && run(this.#shell.view) },
      label,
      key !== '' && make('kbd', { 'aria-hidden': true }, key),
    );
  }

  #opener(label: string, title: string, dialog: DialogName): HTMLButtonElement {
    return make('button', { title, onclick: () => this.#shell.open(dialog) }, label);
  }
}

/** Some of a menu, under a heading. */
const part = (title: string, ...children: readonly HTMLElement[]): HTMLElement =>
  make('div', { class: 'part', role: 'group', 'aria-label': title }, make('b', {}, title), ...children);

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
