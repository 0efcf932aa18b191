import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page as ServedPage } from '../../../lib/server/index.js';
import type { ExecutionEvent } from '../../../lib/index.js';
import { pageOfReport, partsOf } from '../../../lib/viewer/app/report.js';
import { bundled } from '../../support/browser.js';
import { root } from '../../support/command.js';

const app = join(root, 'lib', 'viewer', 'app');
const read = (name: string): string => readFileSync(join(app, name), 'utf8');

let script: Promise<string> | undefined;
const scriptText = (): Promise<string> => (script ??= bundled('lib/viewer/app/main.ts', { minify: true }));

/** What `rxdag serve` hands out, made from the sources. */
export const servedPage = async (): Promise<ServedPage> => {
  const file = (type: string, text: string) => ({ type: `${type}; charset=utf-8`, body: Buffer.from(text) });
  const html = file('text/html', read('index.html'));
  return new Map([
    ['/', html],
    ['/index.html', html],
    ['/page.css', file('text/css', read('page.css'))],
    ['/app.js', file('text/javascript', await scriptText())],
  ]);
};

/** A report of a log, made from the sources. */
export const reportOf = async (events: readonly ExecutionEvent[]): Promise<string> =>
  pageOfReport(
    await partsOf(
      (await scriptText()).replaceAll('</script', '<\\/script').replaceAll('<!--', '\\x3c!--'),
      read('page.css'),
    ),
    events,
  );
