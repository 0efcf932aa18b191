// weight: 2
// timeout: 120000
import * as assert from 'uvu/assert';
import { inTerminal, terminalSuite } from './inTerminal.js';
import { held } from './shop.js';

/** What a terminal obeys: a title, colours, a cleared screen, a bell, C1, another character set, the direction of text. */
const odd =
  '\\u001b]0;stolen\\u0007\\u001b[41m\\u001b[2J\\u001b[10A\\u009b2J\\u009d0;stolen\\u009c\\u000e\\u202e\\r\\n';
const shown = '\\u001b]0;stolen\\u0007\\u001b[41m\\u001b[2J';

const test = terminalSuite('hostile text in a terminal');

test('ids, messages, reasons and values steer nothing', async () => {
  const { screen, go, ended } = await inTerminal(
    {
      'p.yaml': `
name: "dag ${odd}"
nodes:
  - { id: "held ${odd}", action: tell }
  - { id: "asked ${odd}", action: human.input, inputs: [{ name: question, value: "${odd}" }], branch: "${odd}" }
  - { id: "bad ${odd}", action: break }
  - { id: "again ${odd}", action: break, try_count: 2, retry: { Linear: { delay_secs: 90 } } }
  - { id: "behind ${odd}", action: tell, dependencies: ["held ${odd}"], branch: "${odd}" }
`,
      'a.mjs': `${held['hold.mjs']}
export const tell = (context) => { context.progress("${odd}"); return hold(context); };
const broken = () => { throw new Error("${odd}"); };
export { broken as break };`,
      'h.mjs': `export default {
  name: "hook ${odd}",
  onNodeFailed: () => ({ type: 'PauseBranch', branchId: "${odd}", reason: "${odd}" }),
};`,
    },
    { columns: 200, line: './r -k h.mjs -p 9', env: { NO_COLOR: '1' } },
  );
  const { title } = await screen.state();
  const isAll = (text: string): boolean =>
    ['●', '?', '✖', '↻', '»', '‖', 'dag'].every((sign) => text.includes(`\n${sign}`));
  const text = await screen.until(isAll);
  assert.match(text, `● held ${shown}`);
  assert.match(text, `✖ bad ${shown}`);
  assert.match(text, `↻ again ${shown}`);
  assert.match(text, `» hook ${shown}`);
  assert.match(text, `‖ branch ${shown}`);
  assert.match(text, `? asked ${shown}`);
  go();
  await screen.press('x', 'Enter');
  await screen.until((text) => !/^[●?]/m.test(text));
  await screen.press('C-c');
  await ended(130);
  assert.match(await screen.all(), /^old$/m);
  assert.not.match(await screen.coloured(), /\u001b\[[\d;]*m/);
  assert.is((await screen.state()).title, title);
});

const wide = ['漢字漢字漢字漢字漢字漢字', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦 family', 'e\\u0301e\\u0301e\\u0301 accents', 'עברית عربى', '🇩🇪🇫🇷 flags', 'a\\u0300\\u0301\\u0302\\u0303\\u0304 stacked']; // prettier-ignore

test('wide and combined characters take the room that they take', async () => {
  const { screen, go, ended } = await inTerminal(
    {
      'p.yaml': `
name: "漢字漢字漢字漢字漢字漢字漢字漢字"
nodes:
${wide.map((id) => `  - { id: "${id} ${'漢'.repeat(40)}", action: hold }`).join('\n')}
`,
      'a.mjs': held['hold.mjs'],
    },
    { columns: 60, rows: 16, line: './r -p 9' },
  );
  await screen.until((text) => text.match(/^● .*…$/gm)?.length === wide.length);
  for (const columns of [60, 41, 30, 17]) {
    await screen.resize(columns, 16);
    const text = await screen.until((text) => {
      const lines = text.trimEnd().split('\n');
      return (
        lines.slice(-wide.length).every((line) => /^● .*…$/.test(line)) && /0\/6/.test(lines.at(-2 - wide.length)!)
      );
    });
    assert.match(await screen.all(), /^old$/m);
    assert.is(text.match(/0\/6/g)?.length, 1, text);
  }
  go();
  await ended(0);
});

test.run();
