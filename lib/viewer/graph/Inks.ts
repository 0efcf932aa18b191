import { Colours } from '../theme/Colours.js';
import { looks } from '../theme/looks.js';

/** The colours of the theme that holds, ready for use. */
export interface Inks {
  /** By look. */
  readonly fill: readonly string[];
  readonly line: readonly string[];
  readonly text: readonly string[];
  readonly background: string;
  readonly surface: string;
  readonly muted: string;
  readonly edge: string;
  readonly critical: string;
}

/** Reads the colours that an element inherits. */
export const inksOf = (element: Element): Inks => {
  const colours = new Colours(element);
  const each = (part: string): readonly string[] => looks.map(({ name }) => colours.of(`--dag-${name}-${part}`));
  return {
    fill: each('fill'),
    line: each('line'),
    text: each('text'),
    background: colours.of('--dag-bg'),
    surface: colours.of('--dag-surface'),
    muted: colours.of('--dag-muted'),
    edge: colours.of('--dag-edge'),
    critical: colours.of('--dag-critical'),
  };
};
