import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { graphText } from '../../../lib/viewer/graph/graphText.js';
import { looks } from '../../../lib/viewer/theme/looks.js';
import { themes as texts } from '../../../lib/viewer/theme/sheet.js';

const test = suite('must have: contrast of every theme');

type Tokens = ReadonlyMap<string, string>;

/** The tokens of each theme, as the page gets them. */
const themes: ReadonlyMap<string, Tokens> = new Map(
  Object.entries(texts).map(([name, body]) => [
    name,
    new Map([...body.matchAll(/--dag-([\w-]+):(#[\da-f]{6})/g)].map(([, token, colour]) => [token!, colour!])),
  ]),
);

/** How light a colour is, from 0 to 1, as WCAG 2 has it. */
const luminance = (colour: string): number => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
};

const contrast = (a: string, b: string): number => {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
};

/** A colour that lets some of another one through. */
const mixed = (above: string, below: string, opacity: number): string =>
  [1, 3, 5].reduce((colour, at) => {
    const [over, under] = [above, below].map((each) => Number.parseInt(each.slice(at, at + 2), 16));
    const part = Math.round(over! * opacity + under! * (1 - opacity));
    return colour + part.toString(16).padStart(2, '0');
  }, '#');

/** Which token is seen on which ground, and how much it must differ: texts 4.5, shapes 3; both more where much is asked for. */
const pairs = (name: string): readonly (readonly [token: string, ground: string, least: number])[] => {
  const [text, shape] = name.endsWith('contrast') ? [7, 4.5] : [4.5, 3];
  const grounds = ['bg', 'surface'];
  return [
    ...looks.flatMap(({ name: look }) => [
      [`${look}-text`, `${look}-fill`, text] as const,
      ...grounds.map((ground) => [`${look}-line`, ground, shape] as const),
      [`${look}-line`, `${look}-fill`, shape] as const,
    ]),
    ...['text', 'muted', 'accent'].flatMap((token) => grounds.map((ground) => [token, ground, text] as const)),
    ...['focus', 'critical'].flatMap((token) => grounds.map((ground) => [token, ground, shape] as const)),
    // What was refused, and buttons that do what cannot be undone.
    ...grounds.map((ground) => ['failed-text', ground, text] as const),
    // Of a main button.
    ['surface', 'accent', text],
  ];
};

test('it is computed as WCAG does', () => {
  assert.is(contrast('#ffffff', '#000000'), 21);
  assert.is(contrast('#777777', '#ffffff').toFixed(2), '4.48');
});

test('each theme has every token', () => {
  assert.equal([...themes.keys()].toSorted(), ['contrast', 'dark', 'dark contrast', 'light']);
  const names = [...themes.get('light')!.keys()].toSorted();
  assert.is(names.length, looks.length * 3 + 9);
  for (const [name, tokens] of themes) assert.equal([...tokens.keys()].toSorted(), names, name);
});

for (const [name, tokens] of themes)
  test(`${name}: texts and shapes differ enough from what they stand on`, () => {
    const weak = pairs(name).flatMap(([token, ground, least]) => {
      const found = contrast(tokens.get(token)!, tokens.get(ground)!);
      return found < least ? [`${token} on ${ground}: ${found.toFixed(2)} of ${least}`] : [];
    });
    assert.equal(weak, []);
  });

test('edges are seen on the ground of the graph, though they let some of it through', () => {
  const opacity = Number(/\.edge\{[^}]*opacity:([.\d]+)/.exec(graphText)![1]);
  for (const [name, tokens] of themes) {
    const [edge, ground] = [tokens.get('edge')!, tokens.get('bg')!];
    const found = contrast(mixed(edge, ground, opacity), ground);
    assert.ok(found >= 3, `${name}: ${found.toFixed(2)}`);
  }
});

test('no two states are told apart by their hue alone', () => {
  const seen = looks.map(({ glyph }) => glyph);
  assert.is(new Set(seen).size, looks.length, 'each has a sign of its own');
  assert.ok(new Set(looks.map(({ border }) => border)).size >= 5);
});

test.run();
