// Records the terminal picture of the README: a real run of the weather pipeline in a real terminal (tmux), at the moment
// when its hooks have added their nodes, and its end.
// usage: npm run pictures
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../support/command.js';
import { terminalSvg } from './terminalSvg.js';

const COLUMNS = 100;
/** What the picture is to show: nodes that run, what hooks did, and the branch that they hold back. */
const telling = ['●', 'investigateAnomalies added', '‖'];
const server = `rxdag-pictures-${process.pid}`;
const tmux = (...args: readonly string[]): string =>
  execFileSync('tmux', ['-L', server, '-f', '/dev/null', ...args], { cwd: root, encoding: 'utf8' });

const env = { ...process.env, PS1: '$ ' };
execFileSync(
  'tmux',
  [
    '-L',
    server,
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-x',
    String(COLUMNS),
    '-y',
    '18',
    'bash',
    '--norc',
    '--noprofile',
  ],
  { cwd: root, env },
);
try {
  tmux('send-keys', 'clear; npm start --silent', 'Enter');
  let during = '';
  let after = '';
  for (const end = Date.now() + 30_000; Date.now() < end && !(during !== '' && after.includes('✔')); await sleep(5)) {
    const screen = tmux('capture-pane', '-p', '-e');
    if (telling.every((word) => screen.includes(word))) during = screen;
    after = screen;
    if (after.includes('✔') && during === '') {
      tmux('send-keys', 'clear; npm start --silent', 'Enter');
      await sleep(500);
    }
  }
  const shown = (screen: string): string =>
    screen
      .split('\n')
      .filter((line) => line.trim() !== '')
      .join('\n');
  const file = join(root, 'demos', 'weather', 'terminal.svg');
  writeFileSync(
    file,
    terminalSvg(`${shown(during)}\n\n${shown(after)}`, COLUMNS, 'A run of the weather pipeline in a terminal'),
  );
  process.stdout.write(`${relative(root, file)} written\n${shown(during)}\n\n${shown(after)}\n`);
} finally {
  tmux('kill-server');
}
