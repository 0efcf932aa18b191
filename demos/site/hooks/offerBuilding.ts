import { filter, switchMap } from 'rxjs';
import type { RunView } from '../../../lib/viewer/index.js';
import { element } from '../page/element.js';
import { find } from '../page/find.js';
import { dragEdges } from './dragEdges.js';
import type { Workbench } from './Workbench.js';

/**
 * The form that adds nodes, and the buttons that draw edges, delete and clear. To draw an edge one selects two nodes in the
 * graph, by mouse or keyboard, or drags from one to the other; an edge that is there already is taken away.
 */
export const offerBuilding = (bench: Workbench, view: () => RunView | undefined): void => {
  const id = find('node-id', HTMLInputElement);
  const action = find('node-action', HTMLSelectElement);
  const deps = find('node-deps', HTMLInputElement);
  const draw = find('connect', HTMLButtonElement);
  const told = find('told', HTMLElement);
  const tell = (text: string | undefined): void => {
    told.textContent = text ?? '';
  };
  const selected = (): string | undefined => {
    const shown = view();
    return shown?.selected === undefined ? undefined : shown.idOf(shown.selected);
  };
  let from: string | undefined;
  let isDrawing = false;
  const setDrawing = (on: boolean): void => {
    isDrawing = on;
    from = undefined;
    draw.setAttribute('aria-pressed', String(on));
    if (!on) return;
    view()?.select(undefined);
    tell('Select the node that comes first, then the one that waits for it, or drag from one to the other.');
  };

  find('add', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const names = deps.value.split(/[\s,]+/).filter((name) => name !== '');
    const node = {
      id: id.value.trim(),
      action: action.value,
      deps: names,
      ...(action.value === 'human.input' ? {} : { timeoutMs: 6_000 }),
    };
    void bench.add(node).then((refused) => {
      tell(refused ?? `Added ${node.id}.`);
      if (refused !== undefined) return;
      id.value = '';
      id.focus();
    });
  });
  draw.addEventListener('click', () => {
    setDrawing(!isDrawing);
    if (!isDrawing) tell('');
  });
  find('delete', HTMLButtonElement).addEventListener('click', () => {
    const node = selected();
    if (node === undefined) tell('Select a node in the graph first.');
    else void bench.remove(node).then((refused) => tell(refused ?? `Deleted ${node}.`));
  });
  find('clear', HTMLButtonElement).addEventListener('click', () => {
    bench.clear();
    tell('An empty graph: add a node.');
  });

  const picked = (node: string): void => {
    if (!isDrawing) return;
    if (from === undefined || from === node) {
      from = node;
      tell(`Now the node that waits for ${node}.`);
      return;
    }
    const first = from;
    setDrawing(false);
    const isThere = bench.run.snapshot.node(node)?.deps.includes(first) === true;
    if (isThere) tell(bench.disconnect(first, node) ?? `${node} no longer waits for ${first}.`);
    else void bench.connect(first, node).then((refused) => tell(refused ?? `${node} waits for ${first}.`));
  };
  bench.run$
    .pipe(
      switchMap(() => view()!.changes$),
      filter(({ selection }) => selection),
    )
    .subscribe(() => {
      const node = selected();
      if (node !== undefined) picked(node);
    });

  dragEdges(find('stage', HTMLElement), () => isDrawing);

  const known = find('known-nodes', HTMLDataListElement);
  bench.run$
    .pipe(switchMap(() => view()!.changes$.pipe(filter(({ structure }) => structure))))
    .subscribe(() =>
      known.replaceChildren(...[...bench.run.snapshot.nodes()].map((node) => element('option', { value: node.id }))),
    );
};
