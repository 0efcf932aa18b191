// weight: 5
// timeout: 120000
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { inTerminal, isAsBefore, type Watched, terminalSuite } from './inTerminal.js';
import { held } from './shop.js';

const holding = { 'p.yaml': held['held.yaml'], 'a.mjs': held['hold.mjs'] };
const deaf = { ...holding, 'p.yaml': held['held.yaml'].replace('action: hold', 'action: deaf') };

/** Runs until the node is shown that holds. */
const running = async (files: Readonly<Record<string, string>> = holding, line = './r'): Promise<Watched> => {
  const watched = await inTerminal(files, { line });
  await watched.screen.until(/^● hold/m);
  return watched;
};
const withoutView = /^(?![^]*(?:●|░))/;

const test = terminalSuite('Ctrl-C in a terminal');

test('lets end what runs, once; nothing more starts', async () => {
  const { screen, go, ended } = await running();
  await screen.press('C-c');
  await screen.until(/^■ Stopping once 1 running node ended; Ctrl-C again aborts$/m);
  await screen.until(/^● hold {2}1\.\d s$/m);
  go();
  const text = await ended(130);
  assert.match(text, /^✖ held cancelled in .*: 1 succeeded · 1 cancelled$/m);
  assert.not.match(text, 'aborted');
  await isAsBefore(screen);
});

test('aborts what runs, twice', async () => {
  const { screen, ended } = await running();
  await screen.press('C-c');
  await screen.until(/Stopping/);
  await screen.press('C-c');
  const text = await ended(130);
  assert.match(text, /^aborted\n✖ held cancelled in .*: 2 cancelled$/m);
  assert.match(text, withoutView);
  await isAsBefore(screen);
});

test('leaves at once, three times, whatever does not end', async () => {
  const { screen, ended } = await running(deaf);
  await screen.press('C-c');
  await screen.until(/Stopping/);
  await screen.press('C-c');
  await screen.until(/^■ Aborting what runs; Ctrl-C again leaves at once$/m);
  const before = Date.now();
  await screen.press('C-c');
  assert.match(await ended(130), withoutView);
  assert.ok(Date.now() - before < 2_500, 'well before the grace time of 5 s');
  await isAsBefore(screen);
});

test('ends a run that waits for a person, with a question open', async () => {
  const { screen, ended } = await inTerminal({ 'p.yaml': 'name: w\nnodes: [{ id: a, action: human.input }]' });
  await screen.until(/^>/m);
  await screen.type('half an answer');
  await screen.press('C-c');
  const text = await ended(130);
  assert.match(text, /✖ w cancelled/);
  assert.not.match(text, 'half');
  await isAsBefore(screen);
});

test('works as well where nothing can be asked', async () => {
  const { screen, ended } = await running(holding, './r < /dev/null');
  await screen.press('C-c');
  await screen.until(/Stopping/);
  await screen.press('C-c');
  assert.match(await ended(130), withoutView);
  await isAsBefore(screen);
});

test.run();

const left = terminalSuite('the terminal is as it was');

/** Does this soon after the node `hold` began. */
const soon = (what: string): Readonly<Record<string, string>> => ({
  ...holding,
  'a.mjs': held['hold.mjs'].replace(
    'signal.addEventListener',
    `setTimeout(() => { ${what} }, 400);\n  signal.addEventListener`,
  ),
});

for (const signal of ['SIGTERM', 'SIGHUP'])
  left(`after ${signal}`, async () => {
    const { screen, ended } = await inTerminal(soon(`process.kill(process.pid, '${signal}');`));
    assert.match(await ended(130), /^aborted\n✖ held cancelled/m);
    assert.match(await screen.text(), withoutView);
    await isAsBefore(screen);
  });

left('after an action that throws where nobody can catch it', async () => {
  const { screen, ended } = await inTerminal(soon(`throw new Error('late');`));
  const text = await ended(1);
  assert.match(text, /^An error outside of any action or hook ended the run:\nError: late\n +at /m);
  assert.match(text, withoutView);
  await isAsBefore(screen);
});

left('after process.exit, with what has been printed', async () => {
  const { screen, ended } = await inTerminal(soon(`process.stdout.write('no end'); process.exit(0);`));
  const text = await ended(1);
  assert.match(text, 'ended the process with process.exit(0)');
  assert.match(text, /^no end/m);
  assert.match(text, withoutView);
  await isAsBefore(screen);
});

left('while Ctrl-Z has stopped the program, which goes on afterwards and hears every key', async () => {
  const { screen, ended } = await inTerminal({
    ...holding,
    'p.yaml': `${held['held.yaml']}  - { id: ask, action: human.input }\n`,
  });
  await screen.until(/^● hold[^]*^>/m);
  await screen.press('C-z');
  const text = await screen.until(/Stopped/);
  assert.match(text, withoutView);
  await isAsBefore(screen);
  await screen.run('clear; echo typed; fg; echo "=$?"');
  await screen.until(/^typed\n[^]*^● hold[^]*^>/m);
  await screen.press('a', 'b', 'BSpace');
  await screen.until(/^> a$/m);
  await sleep(300);
  assert.match(await screen.text(), /^> a$/m);
  await screen.press('C-c');
  await screen.until(/Stopping/);
  await screen.press('C-c');
  await ended(130);
  await isAsBefore(screen);
});

left('while Ctrl-Z has stopped the program where nothing can be asked', async () => {
  const { screen, go, ended } = await running(holding, './r < /dev/null');
  await screen.press('C-z');
  const text = await screen.until(/Stopped/);
  assert.match(text, withoutView);
  await isAsBefore(screen);
  await screen.run('clear; fg; echo "=$?"');
  await screen.until(/^● hold/m);
  go();
  assert.match(await ended(0), /^✔ held succeeded/m);
  await isAsBefore(screen);
});

left('by a run in the background, which draws nothing and is not stopped', async () => {
  const { screen, go, ended } = await inTerminal(holding, { line: './r & wait $!' });
  await screen.until(/ running +hold$/m);
  go();
  const text = await ended(0);
  assert.match(text, /^✔ held succeeded/m);
  assert.match(text, withoutView);
  await isAsBefore(screen);
});

left.run();
