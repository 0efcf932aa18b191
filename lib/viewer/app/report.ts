import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import { printable } from '../../model/printable.js';

/** The elements of a report: its log as JSON, its script, and its style. */
const LOG = 'rxdag-log';
const CODE = 'rxdag-code';

/** What a report is made of besides its log. */
export interface ReportParts {
  readonly script: string;
  readonly style: string;
  /** SHA-256 of both in base64: nothing else may run. */
  readonly scriptHash: string;
  readonly styleHash: string;
}

/** Texts that are much longer neither a program can hold nor a browser, which reads the log as one. */
const CHARACTERS_MAX = 2 ** 28;

/** One HTML file that shows a log and needs nothing else. Throws a `RangeError` for a log that is too long. */
export const pageOfReport = (
  { script, style, scriptHash, styleHash }: ReportParts,
  events: readonly ExecutionEvent[],
): string => {
  const log = logText(events);
  const first = events[0];
  const title = first?.type === 'RunStarted' ? printable(`${first.dagName} · ${first.runId}`) : 'rxdag';
  const policy = `default-src 'none'; script-src 'sha256-${scriptHash}'; style-src 'sha256-${styleHash}'; img-src data: blob:; worker-src blob:`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title><link rel="icon" href="data:,"><style>${style}</style></head><body>`,
    `<script type="application/json" id="${LOG}">[`,
    log,
    `]</script><script type="module" id="${CODE}">${script}</script></body></html>\n`,
  ].join('\n');
};

/** What lies in a report: its log, and what it is made of. */
export interface Report {
  readonly events: readonly ExecutionEvent[];
  readonly script: string;
  readonly style: string;
}

/** Reads what lies in a report; undefined for any other page. */
export const readReport = (page: Document): Report | undefined => {
  const text = page.getElementById(LOG)?.textContent;
  if (text === undefined || text === null) return undefined;
  const script = page.getElementById(CODE)?.textContent ?? '';
  return {
    events: JSON.parse(text) as ExecutionEvent[],
    script,
    style: page.querySelector('style')?.textContent ?? '',
  };
};

/** What this page is made of, to make a report with. */
export const partsOfPage = async (report: Report | undefined): Promise<ReportParts> => {
  if (report !== undefined) return partsOf(report.script, report.style);
  const [script, style] = await Promise.all(['app.js', 'page.css'].map(async (name) => (await fetch(name)).text()));
  return partsOf(script!, style!);
};

/** A script and a style with their hashes. A script that could end its own element is made safe by whoever builds it. */
export const partsOf = async (script: string, style: string): Promise<ReportParts> => ({
  script,
  style,
  scriptHash: await hashOf(script),
  styleHash: await hashOf(style),
});

const hashOf = async (text: string): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...digest));
};

const logText = (events: readonly ExecutionEvent[]): string => {
  const texts: string[] = [];
  let characters = 0;
  for (const event of events) {
    const text = dataText(event);
    characters += text.length;
    if (characters > CHARACTERS_MAX)
      throw new RangeError(
        `The run's log is too long for a report: ${CHARACTERS_MAX / 2 ** 20} million characters are the limit. Look at it with rxdag serve, or export it as JSON.`,
      );
    texts.push(text);
  }
  return texts.join(',\n');
};

/** JSON in which nothing ends a script element or a line of one. */
const dataText = (event: ExecutionEvent): string =>
  JSON.stringify(event).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
