import { chromeTrace } from '../../formats/chromeTrace.js';
import { toDot } from '../../formats/toDot.js';
import { toMermaid } from '../../formats/toMermaid.js';
import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { RunView } from '../view/RunView.js';

/** So many events are one part of a file that is put together. */
const PART = 5_000;

/** What a run can be saved as from its log and its state alone; pictures are drawn by the graph. */
export const exportsOf: readonly {
  readonly name: string;
  readonly extension: string;
  readonly make: (view: RunView) => Blob;
}[] = [
  {
    name: 'Graphviz DOT',
    extension: 'dot',
    make: (view) => new Blob([toDot(view.snapshot)], { type: 'text/vnd.graphviz' }),
  },
  {
    name: 'Mermaid',
    extension: 'mmd',
    make: (view) => new Blob([toMermaid(view.snapshot)], { type: 'text/plain' }),
  },
  {
    name: 'Chrome trace, for Perfetto',
    extension: 'trace.json',
    make: (view) => new Blob([JSON.stringify(chromeTrace(eventsOf(view)))], { type: 'application/json' }),
  },
  {
    name: 'Log, one event a line',
    extension: 'ndjson',
    make: (view) => {
      const parts: string[] = [];
      for (let from = 1; from <= view.log.size; from += PART) {
        const to = Math.min(view.log.size, from + PART - 1);
        let part = '';
        for (let seq = from; seq <= to; seq++) part += `${JSON.stringify(view.log.at(seq))}\n`;
        parts.push(part);
      }
      return new Blob(parts, { type: 'application/x-ndjson' });
    },
  },
];

const eventsOf = ({ log }: RunView): readonly ExecutionEvent[] =>
  Array.from({ length: log.size }, (_, i) => log.at(i + 1));
