import type { ExecutorCommand } from '../../model/ExecutorCommand.js';
import type { DagScrubber } from '../scrubber/DagScrubber.js';
import type { RunView } from '../view/RunView.js';
import type { FilterBox } from './FilterBox.js';
import type { Panes } from './Panes.js';

/** The dialogs of the page. */
export type DialogName = 'palette' | 'keys' | 'add' | 'fork' | 'diff';

/** What the parts of the page may ask of it as a whole. */
export interface Shell {
  readonly view: RunView | undefined;
  readonly panes: Panes;
  readonly scrubber: DagScrubber;
  readonly filter: FilterBox;
  readonly hasList: boolean;
  /** Sends a command and tells what for and what became of it. */
  ask(command: ExecutorCommand, what: string): void;
  open(dialog: DialogName): void;
  /** Goes back to the list of runs. */
  showAllRuns(): void;
  /** Saves the run in one of the forms that it can be saved in. */
  save(form: string): void;
  /** Ends what was set apart last: a highlight, a selection, a filter. */
  escape(): void;
}

/** What pictures and pages a run can be saved as, beside what is made of its log. */
export const drawnForms = ['PNG picture', 'SVG picture', 'HTML report'] as const;
