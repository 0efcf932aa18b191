import type { ExecutorCommand } from '../../model/ExecutorCommand.js';
import { make, setText } from '../dom/make.js';
import { setSentence } from '../dom/setSentence.js';
import { ViewElement } from '../dom/ViewElement.js';
import type { DagGraph } from '../graph/DagGraph.js';
import { Answers, whyNoCommand } from '../inspector/Answers.js';
import type { RunView } from '../view/RunView.js';
import { AddNodeForm } from './AddNodeForm.js';
import { chooseTheme, commandsOf } from './commandsOf.js';
import { DeepLink } from './DeepLink.js';
import { DiffForm } from './DiffForm.js';
import { download, fileName } from './download.js';
import { exportsOf } from './exports.js';
import { FilterBox } from './FilterBox.js';
import { Footer } from './Footer.js';
import { ForkForm } from './ForkForm.js';
import { Keys } from './Keys.js';
import { keySheet } from './keySheet.js';
import { kept } from './kept.js';
import { Palette } from './Palette.js';
import { Panes } from './Panes.js';
import type { DialogName, Shell } from './Shell.js';
import { troubleOf } from './troubleOf.js';
import { ToolBar } from './ToolBar.js';
import { viewerText } from './viewerText.js';

const NARROW_PX = 760;
const TICK_MS = 1_000;

/** `<dag-viewer>`: a run on one page. Graph, timeline, log, inspector and scrubber with all that is done to them. */
export class DagViewer extends ViewElement implements Shell {
  /** Makes a page of its own of the run, where the page around can; else `export-report` is fired. */
  reportFor: (() => Promise<string>) | undefined;
  /** Whether the page around has a list of runs: then there is a way back to it, which fires `all-runs`. @default false */
  hasList = false;
  readonly panes = new Panes(() => this.repaint());
  readonly scrubber = document.createElement('dag-scrubber');
  readonly filter = new FilterBox();
  /** Holds all, so that the element around it can be displayed in any way that the page which embeds it likes. */
  readonly #page = make('div', { class: 'page' });
  readonly #answers = new Answers();
  readonly #banner = make('p', { class: 'banner', role: 'alert', hidden: true });
  /** Why nothing goes on, and what helps. */
  readonly #note = make('p', { class: 'banner calm', role: 'status', hidden: true });
  readonly #footer = new Footer();
  readonly #commands = commandsOf(this);
  readonly #bar = new ToolBar(this);
  readonly #keys = new Keys(this.#commands);
  readonly #palette = new Palette(this.#commands);
  readonly #sheet = keySheet(this.#commands);
  readonly #add = new AddNodeForm(this.#answers);
  readonly #fork = new ForkForm((runId) => this.#openRun(runId));
  readonly #diff = new DiffForm((runId) => this.#openRun(runId));
  readonly #dialogs = [this.#palette.element, this.#sheet, this.#add.element, this.#fork.element, this.#diff.element];
  readonly #link = new DeepLink({ read: () => this.panes.read(), show: (text) => this.panes.apply(text) });
  #ending: AbortController | undefined;

  constructor() {
    super(viewerText);
    this.#footer.element.append(this.#answers.element);
    this.#page.append(
      this.#bar.element,
      this.#banner,
      this.#note,
      this.panes.element,
      make('section', { class: 'time', 'aria-label': 'Time' }, this.scrubber),
      make('section', { class: 'end', 'aria-label': 'State of the page' }, this.#footer.element),
      ...this.#dialogs,
    );
    this.root.append(this.#page);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const theme = kept.read('theme');
    if (theme !== undefined) chooseTheme(theme);
    this.#ending = new AbortController();
    const { signal } = this.#ending;
    document.addEventListener('keydown', (event) => this.#press(event), { signal });
    this.addEventListener(
      'dag-reveal',
      (event) => {
        this.panes.show('graph');
        this.panes.graph.reveal((event as CustomEvent<{ readonly node: number }>).detail.node);
      },
      { signal },
    );
    addEventListener('hashchange', () => this.#readLink(), { signal });
    const measure = (): void => {
      this.panes.isNarrow = this.#page.clientWidth < NARROW_PX;
    };
    // At once, so that the graph is fitted into the room that it will have.
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(this.#page);
    const clock = setInterval(() => this.repaint(), TICK_MS);
    signal.addEventListener('abort', () => {
      sizes.disconnect();
      clearInterval(clock);
    });
    this.#link.read();
    this.repaint();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ending?.abort();
    this.#link.stop();
  }

  /** Makes the worker in which graphs are laid out, as `newWorker` of `<dag-graph>`. */
  get newWorker(): DagGraph['newWorker'] {
    return this.panes.graph.newWorker;
  }

  set newWorker(newWorker: DagGraph['newWorker']) {
    this.panes.graph.newWorker = newWorker;
  }

  ask(command: ExecutorCommand, what: string): void {
    const never = this.view === undefined ? 'No run is shown.' : whyNoCommand(this.view);
    if (never !== undefined) this.#answers.say(`${what}: ${never}`, true);
    else void this.#answers.ask(this.view!, command, what);
  }

  open(dialog: DialogName): void {
    const { view } = this;
    if (this.#dialogs.some((element) => element.open)) return;
    if (dialog === 'palette') this.#palette.open(view);
    else if (dialog === 'keys') this.#sheet.showModal();
    else if (view === undefined) return;
    else if (dialog === 'add') this.#add.open(view);
    else if (dialog === 'fork') this.#fork.open(view);
    else this.#diff.open(view);
  }

  save(form: string): void {
    this.#save(form).catch((thrown: unknown) => this.#answers.say(`${form}: ${(thrown as Error).message}`, true));
  }

  escape(): void {
    const { view } = this;
    if (view === undefined) return;
    if (view.highlight !== undefined) view.clearHighlight();
    else if (view.selected !== undefined) view.select(undefined);
    else this.filter.clear();
  }

  showAllRuns(): void {
    this.dispatchEvent(new CustomEvent('all-runs', { bubbles: true, composed: true }));
  }

  protected override viewSet(view: RunView | undefined): void {
    this.panes.setView(view);
    this.scrubber.view = view;
    if (this.isConnected) this.#link.read();
  }

  protected override paint(view: RunView): void {
    this.#bar.show(view);
    this.filter.show(view);
    this.#footer.show(view);
    const trouble = troubleOf(view);
    this.#banner.hidden = trouble === undefined;
    setText(this.#banner, trouble ?? '');
    const { owner, isOver } = view;
    const note = trouble === undefined && owner.where === 'nowhere' && !isOver ? (owner.text ?? '') : '';
    this.#note.hidden = note === '';
    setSentence(this.#note, note);
    this.#link.update(view);
  }

  #press(event: KeyboardEvent): void {
    // What lies over the page has the keys to itself; Esc closes it and does no more.
    if (this.#dialogs.some((dialog) => dialog.open) || this.root.querySelector(':popover-open') !== null) return;
    const path = event.composedPath();
    // Elsewhere on a page that this is only a part of, keys are not ours.
    if (path.includes(this) || path[0] === document.body || path[0] === document.documentElement)
      this.#keys.press(event);
  }

  #readLink(): void {
    this.#link.read();
    if (this.view !== undefined) this.repaint();
  }

  #openRun(runId: string): void {
    this.dispatchEvent(new CustomEvent('open-run', { detail: { runId }, bubbles: true, composed: true }));
  }

  async #save(form: string): Promise<void> {
    const { view, panes } = this;
    if (view === undefined) return;
    const hand = (blob: Blob, extension: string): void => {
      const name = fileName([view.dagName, view.runId], extension);
      download(blob, name);
      const { missing } = view.connection;
      this.#answers.say(`Saved as ${name}${missing > 0 ? `, without ${missing} events that are not here yet` : ''}.`);
    };
    const made = exportsOf.find(({ name }) => name === form);
    if (made !== undefined) hand(made.make(view), made.extension);
    else if (form === 'PNG picture') hand(await panes.graph.toPng(), 'png');
    else if (form === 'SVG picture') hand(new Blob([panes.graph.toSvg()], { type: 'image/svg+xml' }), 'svg');
    else if (this.reportFor !== undefined) hand(new Blob([await this.reportFor()], { type: 'text/html' }), 'html');
    else this.dispatchEvent(new CustomEvent('export-report', { bubbles: true, composed: true }));
  }
}
