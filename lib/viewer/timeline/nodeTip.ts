import { make } from '../dom/make.js';
import { shown } from '../dom/shown.js';
import { looks } from '../theme/looks.js';
import { spanText } from '../view/clockText.js';
import type { RunView } from '../view/RunView.js';
import type { AttemptLists } from './AttemptLists.js';
import { readySince } from './readySince.js';

/** What a node's row says in words: its state, how long it waited and ran, up to a moment. */
export interface NodeTimes {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly queuedMs: number;
  readonly ranMs: number;
}

/** Adds up a node's attempts as far as they are shown. */
export const nodeTimes = (view: RunView, lists: AttemptLists, node: number, now: number): NodeTimes => {
  const { attempts, seq } = view;
  let count = 0;
  let queuedMs = 0;
  let ranMs = 0;
  for (let i = lists.first(node); i >= 0 && attempts.startSeq[i]! <= seq; i = lists.next(i)) {
    count++;
    queuedMs += attempts.startAt[i]! - attempts.readyAt[i]!;
    const isOpen = attempts.endSeq[i] === 0 || attempts.endSeq[i]! > seq;
    ranMs += Math.max(0, (isOpen ? now : attempts.endAt[i]!) - attempts.startAt[i]!);
  }
  if (count === 0) queuedMs = now - (readySince(view, lists, node) ?? now);
  const state = looks[view.looks[node]!]?.label ?? 'not there';
  return { id: shown(view.idOf(node)), state, attempts: count, queuedMs, ranMs };
};

/** The same as one line, for those who hear it. */
export const nodeLine = ({ id, state, attempts, queuedMs, ranMs }: NodeTimes, row: number, rows: number): string =>
  `${id}, ${state}, waited ${spanText(queuedMs)}, ran ${spanText(ranMs)}` +
  `${attempts > 1 ? ` in ${attempts} attempts` : ''}, row ${row + 1} of ${rows}`;

/** The same as a small table beside the pointer, with the node's slack. */
export const nodeTip = (times: NodeTimes, slackMs: number | undefined): readonly Node[] => {
  const lines: (readonly [string, string])[] = [['State', times.state]];
  if (times.attempts > 1) lines.push(['Attempts', String(times.attempts)]);
  lines.push(['Waited for a slot', spanText(times.queuedMs)], ['Ran', spanText(times.ranMs)]);
  if (slackMs !== undefined) lines.push(['Slack', slackMs < 0.5 ? 'none: on the critical path' : spanText(slackMs)]);
  return [
    make('b', {}, times.id),
    make('dl', {}, ...lines.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)])),
  ];
};
