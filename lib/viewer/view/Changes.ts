/** What a moment's changes touched. */
export interface Changes {
  /** Whose look, attempt or output may have changed. */
  readonly nodes: readonly number[] | 'all';
  /** Nodes, edges or groups: the drawing is another one. */
  readonly structure: boolean;
  /** More events are known. */
  readonly log: boolean;
  /** Another seq is shown. */
  readonly moved: boolean;
  /** What is selected or highlighted. */
  readonly selection: boolean;
  readonly filter: boolean;
  readonly connection: boolean;
}

/** Nothing. */
export const noChanges: Changes = Object.freeze({
  nodes: [],
  structure: false,
  log: false,
  moved: false,
  selection: false,
  filter: false,
  connection: false,
});

/** What two moments touched together: for those who paint less often than they hear. */
export const mergeChanges = (a: Changes, b: Changes): Changes => ({
  nodes: a.nodes === 'all' || b.nodes === 'all' ? 'all' : a.nodes.length === 0 ? b.nodes : [...a.nodes, ...b.nodes],
  structure: a.structure || b.structure,
  log: a.log || b.log,
  moved: a.moved || b.moved,
  selection: a.selection || b.selection,
  filter: a.filter || b.filter,
  connection: a.connection || b.connection,
});
