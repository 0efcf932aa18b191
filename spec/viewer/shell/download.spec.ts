import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fileName } from '../../../lib/viewer/shell/download.js';

const test = suite('fileName');

test('a name keeps letters of all scripts, digits, dots, dashes', () => {
  assert.is(fileName(['Überweisung v1.2', 'run_7-f'], 'dot'), 'Überweisung-v1.2-run_7-f.dot');
});

test('nothing in it leads elsewhere or hides', () => {
  assert.is(fileName(['../../etc/passwd', '..'], 'svg'), 'etc-passwd.svg');
  assert.is(fileName(['\u202egnp.exe\0', 'con:|*?'], 'png'), 'gnp.exe-con.png');
  assert.is(fileName(['', '//'], 'png'), 'run.png');
});

test('a long name is cut, and no letter in two', () => {
  const name = fileName(['𠮷'.repeat(200)], 'png');
  assert.is(Array.from(name).length, 84);
  assert.not(/[\ud800-\udfff]/u.test(name));
});

test.run();
