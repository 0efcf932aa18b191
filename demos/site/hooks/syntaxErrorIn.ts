import type { CodeError } from './CodeError.js';

const PATIENCE_MS = 3_000;

/**
 * Finds the place of a syntax error. An error that `new Function` throws has none, but a worker that cannot be parsed tells
 * its line and column. The code is not run there: it stands in the body of a function that nobody calls.
 */
export const syntaxErrorIn = (code: string): Promise<CodeError | undefined> =>
  new Promise((done) => {
    const url = URL.createObjectURL(new Blob([`() => (${code}\n);postMessage(0)`], { type: 'text/javascript' }));
    const worker = new Worker(url);
    const end = (error?: CodeError): void => {
      clearTimeout(timeout);
      worker.terminate();
      URL.revokeObjectURL(url);
      done(error);
    };
    const timeout = setTimeout(end, PATIENCE_MS);
    worker.addEventListener('message', () => end());
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      const column = event.lineno === 1 ? event.colno - '() => ('.length : event.colno;
      end({ message: event.message.replace(/^Uncaught /, ''), line: event.lineno, column });
    });
  });
