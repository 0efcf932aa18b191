// Runs every spec in a process of its own, two at a time, and closes the ways in which uvu's own runner ends green by mistake.
// usage: node spec/run.mjs [--no-simulation] [filter ...]      a filter is a part of a spec's path
// A spec may say, each in a line of its own:  // timeout: 300000  (per suite, ms)   // weight: 5  (heavier ones start first)
// alone  (nothing runs beside it, as what measures frames or starts a browser wants; such specs come last)
// Environment: SPEC_DIR (default: this folder), SPEC_TIMEOUT_MS (60000), CI (then nothing may be skipped).
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const WORKERS = 2;
const DRAIN_MS = 2_000;
const RESULT_FD = 3;
const root = resolve(process.env.SPEC_DIR ?? import.meta.dirname);
const args = process.argv.slice(2);

if (args[0] === '--worker') await runFile(args[1]);
else await runAll(args);

/** The parent: hands out the files, prints what came back, adds up. */
async function runAll(options) {
  const filters = options.filter((option) => !option.startsWith('--'));
  const unknown = options.find((option) => option.startsWith('--') && option !== '--no-simulation');
  if (unknown !== undefined) throw new Error(`unknown option ${unknown}`);
  const wanted = (name) =>
    /\.spec\.[jt]sx?$/.test(name) &&
    (filters.length === 0 || filters.some((filter) => name.includes(filter))) &&
    !(options.includes('--no-simulation') && name.startsWith('simulation/'));
  const files = readdirSync(root, { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter(wanted)
    .map((name) => ({ name, ...settings(name) }))
    .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));

  const running = new Set();
  const end = (child) => {
    // The whole process group: nothing that a spec has started outlives it.
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  };
  process.on('exit', () => running.forEach(end));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

  const total = { passed: 0, failed: 0, skipped: 0 };
  const worker = async (queue) => {
    for (const file of queue) {
      const started = Date.now();
      const { passed, failed, skipped, text } = await inChild(file, running, end);
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      const counts = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`].filter(
        Boolean,
      );
      console.log(`${failed > 0 ? 'FAIL' : 'ok  '} ${file.name}  ${seconds} s  ${counts.join(', ')}`);
      if (text.trim() !== '') console.log(text.trim().replaceAll(/^(?=.)/gm, '     '));
      total.passed += passed;
      total.failed += failed;
      total.skipped += skipped;
    }
  };
  const together = files.filter(({ alone }) => !alone).values();
  await Promise.all(Array.from({ length: WORKERS }, () => worker(together)));
  await worker(files.filter(({ alone }) => alone));
  if (total.passed + total.failed === 0) {
    console.log(`FAIL no test ran (${files.length} spec files)`);
    total.failed = 1;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

function settings(name) {
  const source = readFileSync(resolve(root, name), 'utf8');
  const number = (key, fallback) => Number(new RegExp(`^// ${key}: (\\d+)\\s*$`, 'm').exec(source)?.[1] ?? fallback);
  return {
    limit: number('timeout', process.env.SPEC_TIMEOUT_MS ?? 60_000),
    weight: number('weight', 0),
    alone: /^\/\/ alone\s*$/m.test(source),
    only: /^\s*\w+\.only\(/m.test(source),
  };
}

/** One spec file in a fresh process; its result comes back on a pipe of its own, so no output can be taken for one. */
function inChild(file, running, end) {
  return new Promise((done) => {
    const child = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), fileURLToPath(import.meta.url), '--worker', file.name],
      {
        env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
        detached: true,
      },
    );
    running.add(child);
    let text = '';
    let result = { passed: 0, failed: 0, skipped: 0 };
    let ended = false;
    const silence = file.limit * 1.5 + DRAIN_MS;
    const stuck = () => {
      text += `\nFAIL ${file.name}: no sign of life for ${silence} ms (a blocked event loop?)`;
      end(child);
    };
    let watchdog = setTimeout(stuck, silence);
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    child.stdio[RESULT_FD].setEncoding('utf8').on('data', (chunk) => {
      clearTimeout(watchdog);
      watchdog = setTimeout(stuck, silence);
      const last = JSON.parse(chunk.trim().split('\n').at(-1));
      result = { passed: last.passed, failed: last.failed, skipped: last.skipped };
      ended = last.ended;
    });
    child.on('exit', () => end(child));
    child.on('close', (code, signal) => {
      clearTimeout(watchdog);
      running.delete(child);
      if (!ended) text += `\nFAIL ${file.name}: the process died (${signal ?? `exit code ${code}`})`;
      if (result.failed === 0 && (!ended || code !== 0)) result.failed = 1;
      done({ ...result, text });
    });
  });
}

/** The worker: one spec file, in this process. */
async function runFile(name) {
  const { limit, only } = settings(name);
  const result = { passed: 0, failed: 0, skipped: 0, ended: false };
  const report = () => writeSync(RESULT_FD, JSON.stringify(result) + '\n');
  const bad = (what, count = 1) => {
    result.failed += count;
    console.log(`FAIL ${name}: ${what}`);
  };
  const finish = () => {
    if (process.env.CI && result.skipped > 0) bad('In CI nothing may be skipped');
    result.ended = true;
    report();
    process.exit(result.failed > 0 ? 1 : 0);
  };
  process.on('exit', () => {
    if (result.ended) return;
    bad('process exited early');
    result.ended = true;
    report();
    process.exitCode = 1;
  });
  for (const event of ['unhandledRejection', 'uncaughtException'])
    process.on(event, (error) => {
      bad(`${event}: ${error?.stack ?? error}`);
      finish();
    });

  // uvu draws dots; the file's own line replaces them.
  const progress = /^(?:[•✘] | .* {2}| {2}\(\d+ \/ \d+\)\n)$/;
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk, ...rest) => progress.test(chunk) || write(chunk, ...rest);

  globalThis.UVU_DEFER = 1;
  await import('uvu');
  const suites = [basename(name)];
  globalThis.UVU_QUEUE.push(suites);
  if (process.env.CI && only) bad('.only( left in');
  await import(pathToFileURL(resolve(root, name)).href);
  if (suites.length < 2) bad('registered no suite (missing .run()?)');

  for (const suite of suites.slice(1)) {
    report();
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`suite still running after ${limit} ms`)), limit);
    });
    try {
      const [errors, ran, skipped, count] = await Promise.race([suite(), late]);
      result.passed += ran;
      result.skipped += skipped;
      if (typeof errors === 'string') {
        result.failed += count - ran;
        console.log(errors);
      } else if (ran !== count)
        bad(`${count - ran} test(s) did not run or threw a non-Error, or a hook threw`, count - ran);
    } catch (error) {
      bad(error?.stack ?? error);
    } finally {
      clearTimeout(timer);
    }
  }
  if (result.passed + result.failed + result.skipped === 0) bad('no test ran');

  // A clean run ends at once through beforeExit; a leaked handle is named.
  process.once('beforeExit', finish);
  setTimeout(() => {
    const open = process.getActiveResourcesInfo().filter((resource) => !/TTY|Pipe|FSReq|MessagePort/.test(resource));
    bad(`open handles keep the process alive: ${open.join(', ')}`);
    finish();
  }, DRAIN_MS).unref();
}
