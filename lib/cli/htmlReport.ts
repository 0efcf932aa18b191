import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionEvent } from '../index.js';
import { pageOfReport, partsOf } from '../viewer/app/report.js';
import { UsageError } from './UsageError.js';

/** A stored run as one HTML file that shows it and needs nothing else. */
export const htmlReport = async (events: readonly ExecutionEvent[]): Promise<string> => {
  const folder = fileURLToPath(new URL('../viewer/page', import.meta.url));
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  if (!existsSync(join(folder, 'app.js')))
    throw new UsageError(
      'The page that a report shows is not there; it is made by npm run build, for the built command.',
    );
  const parts = await partsOf(read('app.js'), read('page.css'));
  try {
    return pageOfReport(parts, events);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
};
