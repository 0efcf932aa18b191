import { readFileSync } from 'node:fs';

/** Dagger's sample pipelines, as it had them. */
export const daggerFiles = ['pipeline.yaml', 'pipeline_parallel.yaml', 'multi_node.yaml'] as const;

export const daggerFile = (name: (typeof daggerFiles)[number]): string =>
  readFileSync(new URL(`../../fixtures/dagger/${name}`, import.meta.url), 'utf8');
