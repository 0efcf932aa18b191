// Runs the blocks of one folder one after the other: docs-runner.ts <folder> <block> ...
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { BlockResult, Site } from './docs.js';
import { expectSites } from './docs-recorder.js';

const BLOCK_MS = 4_000;
const [folder = '', ...blocks] = process.argv.slice(2);
const promised = JSON.parse(readFileSync(join(folder, 'sites.json'), 'utf8')) as Site[][];

let problems: string[] = [];
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error: unknown) => problems.push(`1: ${describe(error)}`));

for (const block of blocks.map(Number)) {
  problems = [];
  const sites = promised[block] ?? [];
  expectSites(block, sites);
  const ended = import(pathToFileURL(resolve(folder, `b${block}.ts`)).href).then(
    () => true,
    (error: unknown) => {
      problems.push(`1: ${describe(error)}`);
      return true;
    },
  );
  const deadline = Date.now() + BLOCK_MS;
  if (!(await Promise.race([ended, sleep(BLOCK_MS, false)]))) problems.push(`1: still running after ${BLOCK_MS} ms`);
  // What a stream prints may come after the last statement.
  while (
    sites.some(({ actual, expected }) => actual.length < expected.length) &&
    problems.length === 0 &&
    Date.now() < deadline
  )
    await sleep(10);
  await sleep(0);
  for (const { line, expected, actual } of sites)
    if (expected.join('\n') !== actual.join('\n'))
      problems.push(`${line}: expected ${expected.join(' | ')}, got ${actual.join(' | ') || 'nothing'}`);
  process.stdout.write(`\n${JSON.stringify({ block, problems } satisfies BlockResult)}\n`);
}
process.exit(0);

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
