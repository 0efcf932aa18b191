import type { NodeSpec } from '../../../lib/index.js';

const regions = ['europe', 'america', 'asia'];

/** What the page begins with: a report on three regions, with a source that needs a second try and a check that fails. */
export const sample: readonly NodeSpec[] = [
  ...regions.map((region): NodeSpec => ({ id: `fetch-${region}`, action: region === 'america' ? 'flaky' : 'work' })),
  ...regions.map((region): NodeSpec => ({ id: `clean-${region}`, action: 'work', deps: [`fetch-${region}`] })),
  { id: 'merge', action: 'work', deps: regions.map((region) => `clean-${region}`) },
  { id: 'anomalies', action: 'fails', deps: ['merge'] },
  { id: 'chart', action: 'work', deps: ['merge'] },
  { id: 'summary', action: 'work', deps: ['merge'] },
  { id: 'review', action: 'human.input', deps: ['summary'], branch: 'publish', inputs: { question: 'Publish it?' } },
  { id: 'publish', action: 'work', deps: ['chart', 'review'], branch: 'publish' },
];
