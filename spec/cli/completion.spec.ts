// weight: 2
// timeout: 120000
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { build, main, project, rxdag } from '../support/cli.js';
import { command } from '../support/command.js';
import { skip } from '../support/skip.js';
import { Terminal } from '../support/terminal.js';
import { terminalSuite } from './inTerminal.js';

/** A folder with some files, and with `rxdag` on its path. */
const home = async (): Promise<{ readonly cwd: string; readonly env: Readonly<Record<string, string>> }> => {
  await build();
  const cwd = project({ 'pipe line.yaml': '', 'pipes.json': '', 'run/x': '', 'actions.mjs': '' });
  mkdirSync(join(cwd, 'bin'));
  chmodSync(main, 0o755);
  symlinkSync(main, join(cwd, 'bin', 'rxdag'));
  return { cwd, env: { PATH: `${join(cwd, 'bin')}:${process.env['PATH'] ?? ''}` } };
};

const options = {
  run: '--actions --hooks --input --inputs --parallel --db --no-cache --remote --key-file --run-id --dag --answer --dry-run --viewer --port --json --quiet --help',
  validate: '--actions --help',
  graph: '--format --help',
  simulate: '--parallel --db --gantt --chrome-trace --json --help',
  completion: '--help',
  resume:
    '--db --actions --hooks --dag --input --inputs --answer --no-cache --remote --key-file --viewer --port --json --quiet --take-over --help',
  serve: '--db --port --host --read-only --help',
  worker:
    '--redis --actions --pool --allow --concurrency --key-file --lock-seconds --drain-seconds --health-port --health-host --json --verbose --help',
  workers: '--redis --json --help',
};

const commands =
  'run validate graph simulate completion runs show resume answer rerun fork replay diff serve verify export prune submit coordinate worker workers';

/** What each line is completed to; the cursor stands at its end. */
const completions: readonly (readonly [words: readonly string[], replies: string])[] = [
  [[''], `${commands} --help --version`],
  [['r'], 'run runs resume rerun replay'],
  [['show', 'r1', '-'], '--db --follow --json --help'],
  [['runs', '--status', 'f'], 'failed'],
  [['-'], '--help --version'],
  [['x'], ''],
  ...Object.entries(options).map(([name, all]): [string[], string] => [[name, '-'], name === 'completion' ? '' : all]),
  [['run', 'a.yaml', '--in'], '--input --inputs'],
  [['run', '--json', '-'], options.run],
  [['graph', 'a.yaml', '--format', ''], 'dot mermaid svg json'],
  [['graph', '-f', 'm'], 'mermaid'],
  [['completion', ''], 'bash zsh'],
  [['completion', 'z'], 'zsh'],
  [['completion', 'zsh', ''], ''],
  [['run', 'a.yaml', '--actions', ''], ''],
  [['run', ''], ''],
  [['unknown', '-'], ''],
];

const bash = suite('completion in bash');

bash('is a script that bash takes', async () => {
  const { out, code } = await rxdag(['completion', 'bash']);
  assert.is(code, 0);
  const cwd = project({ script: out });
  assert.equal(await command('bash', ['-n', 'script'], { cwd }), { code: 0, text: '' });
});

bash('knows commands, options and their values', async () => {
  const { cwd, env } = await home();
  const lines = completions.map(([words]) => {
    const all = ['rxdag', ...words].map((word) => `'${word}'`).join(' ');
    return `COMP_WORDS=(${all}); COMP_CWORD=${words.length}; _rxdag; echo "[\${COMPREPLY[*]}]"`;
  });
  const { text } = await command('bash', ['-c', `source <(rxdag completion bash)\n${lines.join('\n')}`], { cwd, env });
  assert.equal(
    text.trimEnd().split('\n'),
    completions.map(([, replies]) => `[${replies}]`),
  );
});

bash.run();

const inBash = terminalSuite('completion in a bash with somebody at it');

inBash('completes file names elsewhere, as bash does', async () => {
  const { cwd, env } = await home();
  const screen = await Terminal.open({ cwd, env });
  await screen.run('source <(rxdag completion bash); echo ready');
  await screen.until(/^ready/m);
  await screen.type('rxdag va');
  await screen.press('Tab');
  await screen.until(/\$ rxdag validate$/m);
  await screen.type('--act');
  await screen.press('Tab');
  await screen.type('act');
  await screen.press('Tab');
  await screen.type('pipe\\ ');
  await screen.press('Tab');
  await screen.type('pipes');
  await screen.press('Tab');
  await screen.until(/\$ rxdag validate --actions actions\.mjs pipe\\ line\.yaml pipes\.json$/m);
  await screen.close();
});

inBash.run();

const zsh = suite('completion in zsh');
const inZsh = terminalSuite('completion in a zsh with somebody at it');
const hasZsh = spawnSync('zsh', ['--version']).status === 0;
if (!hasZsh) skip(zsh, 'all of zsh', 'it is not installed');
else {
  zsh('is a script that zsh takes', async () => {
    const { out, code } = await rxdag(['completion', 'zsh']);
    assert.is(code, 0);
    assert.match(out, /^#compdef rxdag\n/);
    const cwd = project({ script: out });
    assert.equal(await command('zsh', ['-n', 'script'], { cwd }), { code: 0, text: '' });
  });

  const loads = {
    'sourced behind compinit': 'autoload -U compinit; compinit -D -u; source <(rxdag completion zsh)',
    'found in a folder of fpath':
      'rxdag completion zsh > fpath/_rxdag; fpath=(fpath $fpath); autoload -U compinit; compinit -D -u',
  };

  for (const [how, load] of Object.entries(loads))
    inZsh(`knows commands, options, their values and file names, ${how}`, async () => {
      const { cwd, env } = await home();
      mkdirSync(join(cwd, 'fpath'));
      writeFileSync(join(cwd, '.zshrc'), '');
      const screen = await Terminal.open({ cwd, env: { ...env, TERM: 'screen' }, columns: 100 });
      await screen.run('PS1="%% " exec zsh -f');
      await screen.until(/^% $|^%$/m);
      await screen.run(`${load}; print ready`);
      await screen.until(/^ready/m);
      for (const [typed, completed] of [
        ['rxdag va', 'rxdag validate'],
        ['rxdag run --js', 'rxdag run --json'],
        ['rxdag graph pipes.json --format m', 'rxdag graph pipes.json --format mermaid'],
        ['rxdag completion z', 'rxdag completion zsh'],
        ['rxdag completion zsh act', 'rxdag completion zsh actions.mjs'],
        ['rxdag run --actions act', 'rxdag run --actions actions.mjs'],
        ['rxdag run pipe\\ ', 'rxdag run pipe\\ line.yaml'],
      ] as const) {
        await screen.run('clear');
        await screen.until((text) => text.trimEnd() === '%');
        await screen.type(typed);
        await screen.press('Tab');
        await screen.until((text) => text.split('\n')[0]!.trimEnd() === `% ${completed}`);
        await screen.press('C-u');
      }
      await screen.type('rxdag ');
      await screen.press('Tab');
      await screen.until(/run +-- run a pipeline file and show what happens/);
      await screen.press('C-u');
      await screen.type('rxdag run --');
      await screen.press('Tab');
      const text = await screen.until(/--actions/);
      assert.match(text, /--run-id +-- the name of this run/);
      await screen.close();
    });
}

zsh.run();
inZsh.run();
