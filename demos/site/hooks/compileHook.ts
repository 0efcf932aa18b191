import { isObservable } from 'rxjs';
import type { HookOperator } from '../../../lib/index.js';
import { SOURCE, codeError, type CodeError } from './CodeError.js';
import { scope } from './scope.js';
import { syntaxErrorIn } from './syntaxErrorIn.js';

const BEGIN = 'return (';
/** What stands before the code: the parameters of `new Function` take two lines in every browser. */
const BEFORE = { lines: 2, columns: BEGIN.length };

/**
 * Makes a hook of what the visitor wrote, an expression such as `(event$, ctx) => event$.pipe(…)`, or tells what is wrong
 * with it. It is the visitor's own code in the visitor's own page; it runs with all that the page may do.
 */
export const compileHook = async (text: string): Promise<HookOperator | CodeError> => {
  const code = text.replace(/[\s;]+$/, '');
  if (code.replaceAll(/\/\/.*$|\/\*[^]*?(?:\*\/|$(?![^]))/gm, '').trim() === '')
    return { message: 'Write a hook: a function such as (event$) => event$.pipe(…).' };
  try {
    // oxlint-disable-next-line no-implied-eval, no-new-func -- evaluating what the visitor typed is what this page is for
    const make = new Function(...scope.keys(), `${BEGIN}${code}\n);\n//# sourceURL=${SOURCE}`);
    const hook: unknown = make(...scope.values());
    if (typeof hook !== 'function') return { message: `A hook is a function of event$ and ctx, not ${typeof hook}.` };
    return (event$, ctx) => {
      const command$ = (hook as HookOperator)(event$, ctx);
      if (!isObservable(command$))
        throw new TypeError('A hook gives an Observable of commands, such as event$.pipe(…).');
      return command$;
    };
  } catch (error) {
    if (error instanceof SyntaxError) return (await syntaxErrorIn(code)) ?? { message: error.message };
    return placeOf(error);
  }
};

/** What a running hook has thrown, with its place in the visitor's code. */
export const placeOf = (thrown: unknown): CodeError => codeError(thrown, BEFORE);
