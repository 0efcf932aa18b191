import * as E from '#fp-ts/Either';
import type { DagConfig } from '../../model/DagConfig.js';
import type { Graph } from '../../model/Graph.js';
import { compile, type ActionLookup } from '../../plan/compile.js';
import { moreErrorsIn } from '../../plan/moreErrors.js';
import type { Plan } from '../../plan/Plan.js';
import type { FileError } from './FileError.js';
import { FileNotes } from './FileNotes.js';
import { graphForm } from './graphFile.js';
import { inWordsOfFile, locate } from './locate.js';
import { defaultLimits, readDocument, type FileLimits } from './readDocument.js';
import { retryTags } from './retryForm.js';
import { SourceText } from './SourceText.js';

export interface FromYamlOptions {
  /** What errors call the file. */
  readonly file?: string;
  /** The actions that nodes may name. Without one, any action is taken. */
  readonly registry?: ActionLookup;
  /** Settings that hold where the file has none. */
  readonly config?: Partial<DagConfig>;
  readonly limits?: Partial<FileLimits>;
}

/** A pipeline that was read and proved sound. */
export interface FromYaml {
  readonly graph: Graph;
  readonly plan: Plan;
  /** Unknown keys, keys without effect, and what `compile` warns of. */
  readonly warnings: readonly FileError[];
}

/**
 * Reads a pipeline from a Dagger file, in YAML or JSON, and proves it sound; or tells all that is wrong with it at once,
 * each with its place. Seconds become milliseconds, scalars where a text belongs are taken as they were written. Safe for
 * files of strangers: what is too large or too deep is refused before it is parsed, aliases and tags are refused.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, action } from 'rxdag';
 * import { fromYaml, showFileError } from 'rxdag/yaml';
 *
 * const registry = new ActionRegistry().register(action('double', ({ inputs }) => inputs.n * 2));
 * const text = `
 * name: doubling
 * nodes:
 *   - id: twice
 *     action: double
 *     inputs: [{ name: n, reference: inputs.n }]
 * `;
 * const file = fromYaml(text, { file: 'doubling.yaml', registry });
 * if (file._tag === 'Left') throw new Error(file.left.map(showFileError).join('\n'));
 * const { outputs } = await new DagExecutor({ registry }).start(file.right.graph, { inputs: { n: 21 } }).report;
 * outputs['twice']; // => 42
 * ```
 */
export const fromYaml = (text: string, options: FromYamlOptions = {}): E.Either<readonly FileError[], FromYaml> => {
  const source = new SourceText(text.replace(/^\ufeff/, ''), options.file);
  const document = readDocument(source, retryTags, { ...defaultLimits, ...options.limits });
  if (E.isLeft(document)) return document;
  const root = document.right;
  const notes = new FileNotes(source);
  const graph = graphForm.read(root, notes, { key: '', node: undefined });
  if (graph === undefined) return E.left(notes.list());
  // What is wrong by itself has been left out; the rest is looked at all the same.
  const compiled = compile(graph, options.registry ?? anyAction, { config: options.config ?? {} });
  if (E.isLeft(compiled))
    for (const error of compiled.left) {
      const more = error.path === undefined ? moreErrorsIn(error.message) : 0;
      if (more === 0) notes.error(error.type, inWordsOfFile(error), locate(root, error), error.node);
      else notes.skip(more);
    }
  if (notes.errorCount > 0 || E.isLeft(compiled)) return E.left(notes.list());
  for (const warning of compiled.right.warnings) {
    const node = /^(?:Node|The failureAction "(?:[^"\\]|\\.)*" of node) ("(?:[^"\\]|\\.)*")/.exec(warning)?.[1];
    const index = node === undefined ? undefined : compiled.right.indexOf.get(JSON.parse(node) as string);
    const key = warning.startsWith('The failureAction') ? 'failureAction' : 'tryCount';
    const at = locate(root, {
      type: 'Malformed',
      message: '',
      path: index === undefined ? [] : [`nodes[${index}].${key}`],
    });
    notes.warn('Warning', inWordsOfFile({ message: warning }), at);
  }
  return E.right({ graph: compiled.right.graph, plan: compiled.right, warnings: notes.warnings });
};

const anyAction: ActionLookup = { has: () => true, list: () => [] };
