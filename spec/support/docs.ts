import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { command, root, temporaryFolder } from './command.js';

/** One fenced ts block of a page or of a doc comment. */
export interface Block {
  readonly file: string;
  /** Line of the block's first line in its file, from 1. */
  readonly line: number;
  readonly code: string;
  /** False: type-checked only (a fence that says `no-run`). */
  readonly runs: boolean;
}

/** A line of output that a block promises with `// =>`, and those that came. */
export interface Site {
  readonly line: number;
  readonly expected: string[];
  readonly actual: string[];
}

/** What the process that runs the blocks writes for each, one JSON line. */
export interface BlockResult {
  readonly block: number;
  readonly problems: readonly string[];
}

/** The ts blocks of a Markdown page. */
export const blocksOfPage = (file: string, text: string): Block[] =>
  [...text.matchAll(/^([ \t]*)```ts\b([^\n]*)\n([\s\S]*?)^\1```[ \t]*$/gm)].map((match) => ({
    file,
    line: lineAt(text, match.index) + 1,
    code: match[3]!.replaceAll(new RegExp(`^${match[1]}`, 'gm'), ''),
    runs: !/\bno-run\b/.test(match[2]!),
  }));

/** The ts blocks that stand under an `@example` of a doc comment. */
export const blocksOfSource = (file: string, text: string): Block[] =>
  [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const first = lineAt(text, comment.index);
    const lines = comment[0].split('\n').map((line) => line.replace(/^\s*\/?\*+\/?(?: |$)/, ''));
    let inExample = false;
    let inFence = false;
    const examples = lines.map((line) => {
      if (line.startsWith('```')) inFence = !inFence;
      if (!inFence && line.startsWith('@')) inExample = line.startsWith('@example');
      return inExample ? line : '';
    });
    return blocksOfPage(file, examples.join('\n')).map((block) => ({ ...block, line: block.line + first - 1 }));
  });

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/**
 * Type-checks all blocks in one compiler run and runs each batch in a process of its own.
 * The result has what is wrong with each block, in order; an empty list is a good block.
 */
export const checkBlocks = async (blocks: readonly Block[], batchOf: (block: Block) => string): Promise<string[][]> => {
  const folder = temporaryFolder('docs');
  const found: string[][] = blocks.map(() => []);
  const sites = blocks.map(({ code }, index) => {
    const instrumented = instrument(code);
    writeFileSync(join(folder, `b${index}.ts`), prelude(index) + doors(instrumented.code, folder) + '\nexport {};\n');
    return instrumented.sites;
  });
  writeFileSync(join(folder, 'sites.json'), JSON.stringify(sites));
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', compilerOptions: { rootDir: '../..' }, include: ['*.ts'] }),
  );

  const batches = new Map<string, number[]>();
  for (const [index, block] of blocks.entries())
    if (block.runs) batches.set(batchOf(block), [...(batches.get(batchOf(block)) ?? []), index]);

  await typeCheck(folder, (index, line, message) => {
    const block = blocks[index]!;
    found[index]!.push(`${block.file}:${block.line + line - 1}: ${message}`);
  });
  for (const batch of batches.values())
    for (const { block, problems } of await runBatch(folder, batch))
      found[block]!.push(...problems.map((problem) => `${blocks[block]!.file}:${shift(problem, blocks[block]!.line)}`));
  return found;
};

const shift = (problem: string, line: number): string =>
  problem.replace(/^(\d+)/, (own) => String(Number(own) + line - 1));

const typeCheck = async (
  folder: string,
  report: (index: number, line: number, message: string) => void,
): Promise<void> => {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, text } = await command(process.execPath, [tsc, '-p', folder, '--pretty', 'false']);
  const errors = [...text.matchAll(/^(\S+)\((\d+),\d+\): (error .*(?:\n {2}.*)*)/gm)];
  if (code !== 0 && errors.length === 0) throw new Error(`The blocks could not be type-checked:\n${text}`);
  for (const [, file, line, message] of errors) {
    const index = /^b(\d+)\.ts$/.exec(basename(file!))?.[1];
    if (index !== undefined && file!.includes(basename(folder))) report(Number(index), Number(line), message!);
  }
};

const runBatch = async (folder: string, batch: readonly number[]): Promise<BlockResult[]> => {
  const runner = join(import.meta.dirname, 'docs-runner.ts');
  const { text } = await command(process.execPath, ['--import', 'tsx', runner, folder, ...batch.map(String)], {
    timeoutMs: 20_000 + batch.length * 5_000,
    env: { NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  const results = text
    .split('\n')
    .filter((line) => line.startsWith('{"block":'))
    .map((line) => JSON.parse(line) as BlockResult);
  const silent = batch.find((index) => !results.some(({ block }) => block === index));
  return silent === undefined
    ? results
    : [...results, { block: silent, problems: [`1: the block ended its process or ran too long\n${text}`] }];
};

const prelude = (index: number): string =>
  `import { recorder as $recorder } from '../../spec/support/docs-recorder.js'; const { value: $value, log: $log } = $recorder(${index}); void [$value, $log]; `;

/** `rxdag` and its other doors, as the sources behind them. */
const doors = (code: string, folder: string): string => {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, string | { default: string }>;
  };
  return code.replaceAll(new RegExp(`(['"])${name}(/[\\w/-]+)?\\1`, 'g'), (whole, quote: string, door: string = '') => {
    const target = exports[`.${door}`];
    if (typeof target !== 'object') return whole;
    return (
      quote + relative(folder, join(root, target.default.replace('./dist/', 'lib/'))).replaceAll('\\', '/') + quote
    );
  });
};

/** Turns each promise `// => text` into a recording call; lines stay where they are. */
const instrument = (code: string): { code: string; sites: Site[] } => {
  const lines = code.split('\n');
  const sites: Site[] = [];
  for (const [index, line] of lines.entries()) {
    const [, before, expected] = /^(.*?)\s*\/\/ => (.*?)\s*$/.exec(line) ?? [];
    if (before === undefined || expected === undefined) continue;
    if (before.trim() === '') {
      sites.at(-1)?.expected.push(expected);
      continue;
    }
    const site = sites.push({ line: index + 1, expected: [expected], actual: [] }) - 1;
    lines[index] = before;
    const start = statementStart(lines, index);
    const statement = lines.slice(start, index + 1).join('\n');
    const replaced = statement.includes('console.log(')
      ? statement.replace('console.log(', `$log(${site}, `)
      : statement.replace(/^(\s*)([\s\S]*?);?$/, `$1$value(${site}, $2);`);
    lines.splice(start, index + 1 - start, ...replaced.split('\n'));
  }
  return { code: lines.join('\n'), sites };
};

/** The line on which the statement that ends on line `end` begins. */
const statementStart = (lines: readonly string[], end: number): number => {
  let start = end;
  let open = depth(lines[end]!);
  while (start > 0 && (open < 0 || /^\s*[.)\]}?:&|+,]/.test(lines[start]!))) open += depth(lines[--start]!);
  return start;
};

const depth = (line: string): number => {
  const code = line.replaceAll(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|\/\/.*$/g, '');
  return (code.match(/[([{]/g)?.length ?? 0) - (code.match(/[)\]}]/g)?.length ?? 0);
};
