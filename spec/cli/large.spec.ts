// weight: 2
// timeout: 120000
import * as assert from 'uvu/assert';
import { inTerminal, isAsBefore, terminalSuite } from './inTerminal.js';
import { held } from './shop.js';

const NODES = 10_000;
const LAYERS = 3;

/** Three layers; each node depends on two of the layer before. The very last one holds. */
const layered = (): string => {
  const width = Math.ceil(NODES / LAYERS);
  const nodes = Array.from({ length: NODES }, (_, i) => {
    const deps = i < width ? [] : [i - width, Math.max(i - width - 1, 0)].map((dep) => `n${dep}`);
    return `  - { id: n${i}, action: ${i === NODES - 1 ? 'hold' : 'nap'}, dependencies: [${[...new Set(deps)].join(', ')}] }`;
  });
  return `name: large\nnodes:\n${nodes.join('\n')}\n`;
};

const test = terminalSuite('a large pipeline in a terminal');

test(`of ${NODES} nodes shows how far it is, in one screen, and ends in time`, async () => {
  const { screen, go, ended } = await inTerminal(
    {
      'p.yaml': layered(),
      'a.mjs': `${held['hold.mjs']}\nexport const nap = () => new Promise((later) => setTimeout(later, 5));`,
    },
    { line: './r --parallel 64' },
  );
  const text = await screen.until(/^large .* [1-9][\d,]*\/10,000 {1,}\d+ %/m, 40_000);
  assert.match(text, /^large [█░]+ /m);
  await screen.until(/^64 running \(of 64\) · [\d,]+ (?:ready|pending)/m);
  await screen.until(/^… and \d+ more$/m);
  const last = await screen.until(/^large █+░* 9,999\/10,000 +99 % /m, 60_000);
  assert.match(last, /^1 running \(of 64\) · 9,999 succeeded\n● n9999 /m);
  assert.is((await screen.all()).match(/^large /gm)?.length, 1, 'nothing of it was scrolled away');
  go();
  assert.match(await ended(0), /✔ large succeeded in .*: 10,000 succeeded/);
  await isAsBefore(screen);
});

test.run();
