/** A pipeline with its actions: two nodes succeed, one fails, and one is skipped for it. */
export const shop = {
  'shop.yaml': `
name: shop
nodes:
  - id: fetch
    action: fetch
    inputs: [{ name: n, reference: inputs.n }]
  - id: double
    action: double
    inputs: [{ name: n, reference: fetch }]
  - id: order
    action: refuse
    dependencies: [fetch]
  - id: ship
    action: double
    dependencies: [order]
    inputs: [{ name: n, value: 3 }]
`,
  'actions.mjs': `
export const fetch = ({ inputs, progress }) => { progress('half'); console.log('fetching'); return inputs.n; };
export const double = ({ inputs }) => inputs.n * 2;
export const refuse = () => { throw new Error('out of stock'); };
`,
};

/** One node `hold`, which runs until there is a file `go` and tells when its signal fires, and one after it. */
export const held = {
  'held.yaml': `
name: held
nodes:
  - { id: hold, action: hold }
  - { id: next, action: next, dependencies: [hold] }
`,
  'hold.mjs': `
import { existsSync } from 'node:fs';
export const hold = async ({ signal }) => {
  signal.addEventListener('abort', () => console.log('aborted'));
  while (!existsSync('go')) {
    signal.throwIfAborted();
    await new Promise((later) => setTimeout(later, 20));
  }
  return 'held';
};
export const deaf = async () => {
  while (!existsSync('go')) await new Promise((later) => setTimeout(later, 20));
};
export const next = () => 'next';
`,
};
