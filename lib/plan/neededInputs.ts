import type { Plan } from './Plan.js';
import { BoundRef, type Template } from './references.js';

/** A reference to the run's inputs. */
export interface NeededInput {
  /** What follows `inputs.`, as it is written: also the name of an input, where there is one of just that name. */
  readonly text: string;
  /** Its first key; undefined where all inputs are meant. */
  readonly name: string | undefined;
  /** The node that has the reference. */
  readonly node: string;
}

/** What a plan's nodes want of the run's inputs, in the order of the nodes. */
export function* neededInputs({ nodes, bound }: Plan): Iterable<NeededInput> {
  for (const [index, { inputs, when, forEach }] of bound) {
    const open: Template[] = [when, forEach, inputs].filter((template) => template !== undefined);
    while (open.length > 0) {
      const template = open.pop()!;
      if (template instanceof BoundRef) {
        if (template.index === -1 && template.scope === undefined)
          yield { text: template.text.slice('inputs.'.length), name: nameOf(template), node: nodes[index]!.id };
      } else if (Array.isArray(template) || isPlain(template))
        for (const inner of Object.values(template as Readonly<Record<string, Template>>)) open.push(inner);
    }
  }
}

const nameOf = ({ path }: BoundRef): string | undefined => (path.length === 0 ? undefined : String(path[0]));

/** A literal's value is no template. */
const isPlain = (template: Template): boolean =>
  typeof template === 'object' && template !== null && Object.getPrototypeOf(template) === Object.prototype;
