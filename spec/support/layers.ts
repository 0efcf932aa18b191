import { posix } from 'node:path';

interface Layer {
  readonly imports: readonly string[];
  /** No rxjs, clock, timer or chance: the same input gives the same result. */
  readonly pure?: true;
  readonly subscribes?: true;
}

const core = ['model', 'plan', 'define', 'state', 'hooks', 'run'];
const adapters = ['layout', 'formats', 'stores', 'remote', 'otel', 'testing', 'server', 'viewer'];

/** What each folder of lib may import besides itself, and do. */
export const layers: Readonly<Record<string, Layer>> = {
  model: { imports: [], pure: true },
  plan: { imports: ['model'], pure: true },
  define: { imports: ['model', 'plan'] },
  state: { imports: ['model', 'plan'], pure: true },
  hooks: { imports: ['model', 'plan', 'define', 'state'], subscribes: true },
  run: { imports: ['model', 'plan', 'define', 'state', 'hooks'], subscribes: true },
  layout: { imports: [], pure: true },
  formats: { imports: ['model', 'plan', 'state', 'layout'] },
  stores: { imports: ['model', 'define', 'state', 'run'], subscribes: true },
  remote: { imports: ['model', 'define', 'plan', 'state', 'run', 'stores'], subscribes: true },
  otel: { imports: ['model', 'define', 'hooks'], subscribes: true },
  testing: { imports: ['index.ts', 'model', 'state'], subscribes: true },
  simulate: { imports: [...core, 'formats', 'testing'], subscribes: true },
  server: { imports: ['index.ts', 'model', 'state', ...adapters], subscribes: true },
  viewer: { imports: ['index.ts', 'model', 'plan', 'state', ...adapters], subscribes: true },
  cli: { imports: ['index.ts', 'model', 'plan', ...adapters, 'simulate'], subscribes: true },
  'index.ts': { imports: core.concat('stores', 'formats', 'simulate') },
};

const LONGEST_FILE = 300;
const DRAWER = /(?:^|\/)(?:utils?|helpers?|common|types|misc|shared)(?:\/|\.ts$)/i;
const IMPURE =
  /\b(?:Date\.now|new Date\(\)|performance\.now|Math\.random|setTimeout|setInterval|setImmediate|queueMicrotask|randomUUID)\b/g;

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

/** Every broken rule in these sources (path inside lib to text), one sentence each. */
export const brokenRules = (sources: ReadonlyMap<string, string>): string[] => {
  const found: string[] = [];
  const edges = new Map<string, string[]>();
  for (const [file, source] of sources) {
    const code = withoutComments(source);
    const folder = layerOf(file);
    const layer = layers[folder];
    const say = (what: string) => found.push(`${file}: ${what}`);

    const lines = source.trimEnd().split('\n').length;
    if (lines > LONGEST_FILE) say(`has ${lines} lines, more than ${LONGEST_FILE}`);
    if (DRAWER.test(file)) say('is a drawer, not a thing: name it after what it holds');
    if (layer === undefined) {
      say(`lies in no known layer; give "${folder}" a row in spec/support/layers.ts`);
      continue;
    }
    if (layer.pure) for (const [word] of code.matchAll(IMPURE)) say(`uses ${word}, though ${folder} is pure`);
    if (!layer.subscribes && /\.subscribe\s*\(/.test(code)) say(`subscribes; ${folder} only describes`);

    edges.set(file, []);
    for (const { from, typeOnly } of importsOf(code)) {
      if (/^fp-ts(?:\/|$)/.test(from)) say(`imports ${from}; write #fp-ts/<module>`);
      if (from.startsWith('io-ts/')) say(`imports ${from}; only the root of io-ts works everywhere`);
      if (layer.pure && from.startsWith('rxjs')) say(`imports ${from}, though ${folder} is pure`);
      if (!from.startsWith('.')) continue;
      const target = posix.join(posix.dirname(file), from).replace(/\.js$/, '.ts');
      const targetLayer = layerOf(target);
      if (targetLayer !== folder && !layer.imports.includes(targetLayer))
        say(`imports ${target}; ${folder} may import ${layer.imports.join(', ') || 'nothing of ours'}`);
      if (!typeOnly) edges.get(file)?.push(target);
    }
  }
  return [...found, ...cycles(edges)];
};

const layerOf = (file: string): string => file.split('/')[0] ?? '';

const withoutComments = (source: string): string =>
  source.replace(
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_, text?: string) => text ?? '',
  );

const importsOf = (code: string): Import[] =>
  [
    ...code.matchAll(
      /(?:^|;)\s*(?:import|export)\s+(?:(type)\b(?!\s+from\b)[^'"`;]*?from\s*|[^'"`;=(]*?from\s*)?['"]([^'"]+)['"]/gm,
    ),
    ...code.matchAll(/\bimport\(\s*()['"]([^'"]+)['"]/g),
  ].map(([, type, from]) => ({ from: from ?? '', typeOnly: type === 'type' }));

const cycles = (edges: ReadonlyMap<string, readonly string[]>): string[] => {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push(`${file}: imports itself through ${[...path.slice(start), file].join(' -> ')}`);
    if (start >= 0 || done.has(file)) return;
    for (const target of edges.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
};
