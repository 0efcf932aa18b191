import { appendFileSync } from 'node:fs';

export default ({ inputs }) => {
  appendFileSync(inputs.traces, 'thread\n');
  const until = performance.now() + inputs.ms;
  while (performance.now() < until) Math.sqrt(until);
  return 'computed';
};
