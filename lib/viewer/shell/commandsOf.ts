import { cancelRun, pauseRun, resumeRun, retryNode, skipNode } from '../../model/commands.js';
import { whyNoCommand } from '../inspector/Answers.js';
import { setTheme, type Theme } from '../theme/Colours.js';
import type { RunView } from '../view/RunView.js';
import type { Command } from './Command.js';
import { exportsOf } from './exports.js';
import { kept } from './kept.js';
import { paneNames, type PaneName } from './Panes.js';
import { drawnForms, type Shell } from './Shell.js';

/** Shows the page in a theme, and remembers it. */
export const chooseTheme = (name: string): void => {
  const theme = (['dark', 'light', 'contrast'] as const).find((known) => known === name);
  kept.write('theme', theme ?? 'auto');
  setTheme(theme satisfies Theme);
};

/** Lets the critical path stand out, or no longer. */
export const toggleCritical = (view: RunView): void =>
  view.highlightKind === 'critical' ? view.clearHighlight() : view.highlightCritical();

export const themes = ['auto', 'light', 'dark', 'contrast'] as const;
export const clocks = ['relative', 'local', 'utc'] as const;
export const groupings = ['auto', 'branch', 'prefix', 'none'] as const;

/** All that can be done on the page; the palette, the sheet of keys and the keys themselves are made of it. */
export const commandsOf = (shell: Shell): readonly Command[] => {
  const withView = (act: (view: RunView) => void) => (): void => {
    if (shell.view !== undefined) act(shell.view);
  };
  const none = (): boolean => shell.view === undefined;
  const noCommand = (): boolean => shell.view === undefined || whyNoCommand(shell.view) !== undefined;
  const noNode = (): boolean => noCommand() || shell.view?.selected === undefined;
  const selectedId = (view: RunView): string => view.idOf(view.selected!);
  const paneKeys: Readonly<Record<PaneName, string>> = {
    graph: 'g g',
    list: 'g n',
    timeline: 'g t',
    log: 'g l',
    inspector: 'g i',
  };
  const see = (name: string, act: (view: RunView) => void, keys?: string): Command => ({
    name,
    group: 'See',
    run: withView(act),
    isOff: none,
    ...(keys === undefined ? {} : { keys }),
  });
  const time = (name: string, act: (view: RunView) => void, keys?: string): Command => ({
    ...see(name, act, keys),
    group: 'Time',
  });
  const toGraph = (name: string, keys: string): Command => ({
    name,
    group: 'Move',
    keys,
    run: () => passKey(shell, 'graph', keys.split(', ')[0]!),
  });
  const toRows = (name: string, key: string): Command => ({
    name,
    group: 'Move',
    keys: key,
    run: () => passKey(shell, rowsOf(shell), key),
  });
  return [
    ...paneNames.map((pane): Command => ({
      name: `Go to the ${pane}`,
      group: 'See',
      keys: paneKeys[pane],
      run: () => shell.panes.focus(pane),
    })),
    see('Hide or show what is done', (view) => view.setHidesDone(!view.hidesDone), 'h'),
    see('Critical path', toggleCritical, 'p'),
    see('Fold all groups', (view) => view.foldAll()),
    see('Open all groups', (view) => view.openAll()),
    ...groupings.map((grouping) => see(`Group: ${grouping}`, (view) => view.setGrouping(grouping))),
    ...clocks.map((clock) => see(`Times: ${clock}`, (view) => view.setClock(clock))),
    ...themes.map((theme): Command => ({ name: `Theme: ${theme}`, group: 'See', run: () => chooseTheme(theme) })),
    see('Follow what runs', () => shell.panes.toggleFollowing()),
    { name: 'All runs', group: 'See', isOff: () => !shell.hasList, run: () => shell.showAllRuns() },
    see('Lay the graph out anew', () => shell.panes.graph.arrange()),

    { name: 'Filter', group: 'Move', keys: '/', run: () => shell.filter.focus() },
    { name: 'Next match', group: 'Move', keys: 'n', run: () => shell.filter.next(1) },
    { name: 'Previous match', group: 'Move', keys: 'N', run: () => shell.filter.next(-1) },
    toRows('Next row', 'j'),
    toRows('Previous row', 'k'),
    toGraph('Nearest node to the left', 'ArrowLeft'),
    toGraph('Nearest node to the right', 'ArrowRight'),
    toGraph('Nearest node above', 'ArrowUp'),
    toGraph('Nearest node below', 'ArrowDown'),
    { ...see('Highlight all that it depends on', (view) => view.highlightUpstream(), 'u'), group: 'Move' },
    { ...see('Highlight all that depend on it', (view) => view.highlightDownstream(), 'd'), group: 'Move' },
    toGraph('Fit the graph', 'f'),
    toGraph('Centre the selected node', 'c'),
    toGraph('Zoom in', '+, ='),
    toGraph('Zoom out', '-'),
    toGraph('Zoom to full size', '0'),
    { name: 'Back out: highlight, selection, filter', group: 'Move', keys: 'Escape', run: () => shell.escape() },

    time('One event back', (view) => view.step(-1), '['),
    time('One event on', (view) => view.step(1), ']'),
    time('Live: the newest state', (view) => view.live(), 'l'),
    time('To the start', (view) => view.seek(0), '{'),
    time('Play or stop', () => shell.scrubber.togglePlaying(), '.'),
    time('Playing: skip idle times or not', () => shell.scrubber.toggleSkipping()),
    time('Slider: by events or by time', () => shell.scrubber.goBy()),

    {
      name: 'Pause or resume the run',
      group: 'Run',
      keys: 'Space',
      isOff: none,
      run: withView((view) =>
        view.status === 'paused' ? shell.ask(resumeRun(), 'Resume run') : shell.ask(pauseRun(), 'Pause run'),
      ),
    },
    {
      name: 'Cancel the run',
      group: 'Run',
      isFinal: true,
      isOff: noCommand,
      run: () => shell.ask(cancelRun(), 'Cancel run'),
    },
    { name: 'Add a node', group: 'Run', keys: 'a', isOff: noCommand, run: () => shell.open('add') },
    {
      name: 'Retry the selected node',
      group: 'Run',
      isOff: noNode,
      run: withView((view) => shell.ask(retryNode(selectedId(view)), 'Retry')),
    },
    {
      name: 'Skip the selected node',
      group: 'Run',
      isOff: noNode,
      run: withView((view) => shell.ask(skipNode(selectedId(view)), 'Skip')),
    },
    {
      name: 'Run again from this moment',
      group: 'Run',
      isOff: () => shell.view?.canFork !== true,
      run: () => shell.open('fork'),
    },
    {
      name: 'Compare with another run',
      group: 'Run',
      isOff: () => shell.view?.canDiff !== true,
      run: () => shell.open('diff'),
    },

    ...[...drawnForms, ...exportsOf.map(({ name }) => name)].map((form): Command => ({
      name: `Save: ${form}`,
      group: 'Export',
      isOff: none,
      run: () => shell.save(form),
    })),

    { name: 'All keys', group: 'Help', keys: '?', run: () => shell.open('keys') },
    { name: 'All commands and nodes', group: 'Help', keys: 'mod+k', run: () => shell.open('palette') },
  ];
};

/** Which pane has rows to go through. */
const rowsOf = ({ panes }: Shell): PaneName =>
  panes.isShown('list') ? 'list' : panes.isShown('log') ? 'log' : panes.isShown('timeline') ? 'timeline' : 'list';

/** Hands a key to a pane, as if the focus were there. */
const passKey = ({ panes }: Shell, name: PaneName, key: string): void => {
  const target = panes.focusOf(name);
  target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
};
