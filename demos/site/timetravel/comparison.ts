import type { ExecutionEvent, NodeEnd, RunDiff } from '../../../lib/index.js';
import { jsonEquals, type Json } from '../../../lib/model/Json.js';
import { element } from '../page/element.js';
import { find } from '../page/find.js';
import type { Kept } from './Archive.js';

/** Shows where two logs part, and the nodes that ended differently. */
export const showComparison = (
  { firstDivergingSeq, nodes }: RunDiff,
  a: Kept,
  b: Kept,
  go: { readonly toSeq: (seq: number) => void; readonly toNode: (nodeId: string) => void },
): void => {
  const first = find('first', HTMLButtonElement);
  first.textContent = firstDivergingSeq === undefined ? 'none' : `event ${firstDivergingSeq}`;
  first.disabled = firstDivergingSeq === undefined;
  first.onclick = () => go.toSeq(firstDivergingSeq ?? 1);
  const at = ({ events }: Kept, seq: number | undefined): string => {
    const event = seq === undefined ? undefined : events[seq - 1];
    return event === undefined ? 'nothing more' : sentence(event);
  };
  find('event-a', HTMLElement).textContent = at(a, firstDivergingSeq);
  find('event-b', HTMLElement).textContent = at(b, firstDivergingSeq);
  const then = find('then', HTMLButtonElement);
  const nextSeq = nextDivergence(a.events, b.events, firstDivergingSeq ?? 0);
  then.textContent = nextSeq === undefined ? 'none' : `event ${nextSeq}`;
  then.disabled = nextSeq === undefined;
  then.onclick = () => go.toSeq(nextSeq ?? 1);
  find('then-a', HTMLElement).textContent = at(a, nextSeq);
  find('then-b', HTMLElement).textContent = at(b, nextSeq);
  find('then-name-b', HTMLElement).textContent = b.run.runId;
  find('name-b', HTMLElement).textContent = b.run.runId;
  find('head-b', HTMLElement).textContent = b.run.runId;
  find('nodes', HTMLTableSectionElement).replaceChildren(
    ...nodes.filter(endsOtherwise).map(({ nodeId, a, b }) => {
      const name = element('button', { type: 'button', class: 'link' }, nodeId);
      name.addEventListener('click', () => go.toNode(nodeId));
      return element('tr', {}, element('th', { scope: 'row' }, name), cell(a), cell(b));
    }),
  );
  find('compared', HTMLElement).hidden = false;
};

/** The first event after a seq that tells of something else in the other log: what the changed input came to. */
const nextDivergence = (
  a: readonly ExecutionEvent[],
  b: readonly ExecutionEvent[],
  seq: number,
): number | undefined => {
  for (let i = seq; i < Math.max(a.length, b.length); i++)
    if (a[i] === undefined || b[i] === undefined || sentence(a[i]!) !== sentence(b[i]!)) return i + 1;
  return undefined;
};

/** Whether a node came to something else: one that was in flight at the fork has only been tried once more. */
const endsOtherwise = ({ a, b }: RunDiff['nodes'][number]): boolean =>
  a === undefined || b === undefined || !jsonEquals(outcome(a), outcome(b));

const outcome = ({ status, output = null, error }: NodeEnd): Json => [status, output, error?.message ?? null];

const cell = (end: NodeEnd | undefined): HTMLElement => {
  if (end === undefined) return element('td', { class: 'muted' }, 'not there');
  const { output, error, status } = end;
  const isCheck = typeof output === 'object' && output !== null && 'isSuspicious' in output;
  const what = isCheck ? (output['isSuspicious'] === true ? 'suspicious' : 'plausible') : (error?.message ?? status);
  return element('td', { 'data-status': status }, what);
};

const sentence = (event: ExecutionEvent): string => {
  const about = 'nodeId' in event ? event.nodeId : event.type === 'NodeAdded' ? (event.node.id ?? '') : '';
  const inputs = event.type === 'RunStarted' ? JSON.stringify(event.inputs) : '';
  return `${event.type} ${about}${inputs}${event.by === undefined ? '' : ` by ${event.by}`}`;
};
