import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { RunStatus } from '../../model/Status.js';
import { statusAfter, tellsStatus } from '../statusAfter.js';
import { Fault } from '../Fault.js';
import { lengthen, shorten, type ShortForm } from './shortForm.js';

/** Outputs above this many characters are kept once for all runs, by their content. */
export const CONTENT_MIN = 65_536;
/** A row of the log holds at most so much, unless a single event has more. */
const ROW_EVENTS_MAX = 256;
const ROW_CHARACTERS_MAX = 65_536;

/** A large output beside the event that it was taken out of. */
export interface Content {
  readonly hash: string;
  readonly body: string;
}

/** Some events in a row of the log: the JSON of their short forms. */
export interface LogRow {
  readonly firstSeq: number;
  readonly count: number;
  readonly body: string;
}

/** What one append is written as. */
export interface Written {
  readonly rows: readonly LogRow[];
  readonly contents: readonly Content[];
  /** The run's status after it, if it says anything of that. */
  readonly status: RunStatus | undefined;
  /** Whether it gives a quiescent run work again. */
  readonly wakes: boolean;
  readonly started: { readonly dagName: string; readonly at: number } | undefined;
  readonly endedAt: number | undefined;
}

/** Turns events into rows. */
export const encode = (events: readonly ExecutionEvent[]): Written => {
  let status: RunStatus | undefined;
  let wakes = false;
  for (const event of events)
    if (status === undefined && (event.type === 'NodeAdded' || event.type === 'NodeRetried')) wakes = true;
    else if (status !== undefined || tellsStatus(event.type)) status = statusAfter(status ?? 'running', event);
  const contents: Content[] = [];
  const first = events[0];
  const last = events[events.length - 1];
  return {
    rows: rowsOf(events, contents),
    contents,
    status,
    wakes,
    started:
      first?.type === 'RunStarted' ? { dagName: first.dagName, at: first.forkedFrom?.at ?? first.at } : undefined,
    endedAt: last?.type === 'RunSettled' ? last.at : undefined,
  };
};

const rowsOf = (events: readonly ExecutionEvent[], contents: Content[]): readonly LogRow[] => {
  if (events.length === 0) return [];
  if (events.length <= ROW_EVENTS_MAX) {
    let before = 0;
    const body = JSON.stringify(
      events.map((event) => {
        const short = shorten(event, before);
        before = event.at;
        return short;
      }),
    );
    if (body.length <= ROW_CHARACTERS_MAX) return [{ firstSeq: events[0]!.seq, count: events.length, body }];
  }
  const rows: LogRow[] = [];
  let texts: string[] = [];
  let characters = 0;
  let before = 0;
  const flush = (last: number): void => {
    if (texts.length > 0)
      rows.push({ firstSeq: last - texts.length + 1, count: texts.length, body: `[${texts.join(',')}]` });
    texts = [];
    characters = before = 0;
  };
  for (const event of events) {
    const text = textOf(event, before, contents);
    texts.push(text);
    characters += text.length;
    before = event.at;
    if (texts.length >= ROW_EVENTS_MAX || characters >= ROW_CHARACTERS_MAX) flush(event.seq);
  }
  flush(events[events.length - 1]!.seq);
  return rows;
};

/** An event as JSON; a large output is put beside it, and only its hash stays. */
const textOf = (event: ExecutionEvent, before: number, contents: Content[]): string => {
  const text = JSON.stringify(shorten(event, before));
  if (text.length <= CONTENT_MIN || !('output' in event) || event.output === undefined) return text;
  const body = JSON.stringify(event.output);
  if (body.length <= CONTENT_MIN) return text;
  const hash = hashOf(body);
  contents.push({ hash, body });
  return JSON.stringify({ ...event, output: null, content: hash });
};

/** The events of a row again, with what was taken out of them. Throws a `Fault` for what is no longer as it was. */
export const decode = (
  row: LogRow,
  runId: string,
  contents: ReadonlyMap<string, string>,
): readonly ExecutionEvent[] => {
  const damaged = (): Fault =>
    new Fault('JournalCorrupt', `The log of run ${JSON.stringify(runId)} is damaged at event ${row.firstSeq}.`);
  let shorts: readonly ShortForm[];
  try {
    shorts = JSON.parse(row.body) as readonly ShortForm[];
  } catch {
    throw damaged();
  }
  if (shorts.length !== row.count) throw damaged();
  let before = 0;
  return shorts.map((short, i) => {
    const event = lengthen(short, row.firstSeq + i, before);
    if (event?.seq !== row.firstSeq + i) throw damaged();
    before = event.at;
    if (!('content' in event)) return event;
    const { content, ...rest } = event as ExecutionEvent & { readonly content: string };
    const body = contents.get(content);
    if (body === undefined) throw damaged();
    return { ...rest, output: JSON.parse(body) as unknown } as ExecutionEvent;
  });
};

/** A checksum over everything that a row says, bound to where it stands. */
export const sumOf = (...parts: readonly (string | number | null)[]): number => {
  let text = '';
  for (const part of parts) text += `${typeof part}:${part ?? ''};`;
  return crc32(text);
};

/** What a large content is found by. */
export const hashOf = (body: string): string => createHash('sha256').update(body).digest('base64url');

export const isContent = ({ hash, body }: Content): boolean => hashOf(body) === hash;

/** The hashes of large outputs that the text of a row refers to; what an output itself holds may look like one. */
export const contentsIn = (body: string): readonly string[] =>
  Array.from(body.matchAll(/"content":"([\w-]{43})"\}/g), ([, hash]) => hash!);
