import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, action } from '../../../lib/index.js';
import { envelopes } from '../../../lib/remote/envelope/Envelopes.js';
import { signingKey } from '../../../lib/remote/envelope/SigningKey.js';
import { Delivery, type Site } from '../../../lib/remote/worker/Delivery.js';
import type { RemoteJob } from '../../../lib/run/RemoteEngine.js';
import { jobOf } from './jobOf.js';
import { KEY } from './Desk.js';

const test = suite('Delivery');

const mail = envelopes({
  key: signingKey(KEY),
  blobs: { put: () => Promise.reject(new Error('no')), get: () => Promise.reject(new Error('no')) },
});

/** What comes of a job that is handed over for the nth time, whether its action was called, and what Redis was asked. */
const deliver = async (
  delivery: number,
  wishes: { heard?: boolean; kept?: boolean },
  fields: Partial<RemoteJob> = {},
) => {
  const job = jobOf('mark', fields);
  let called = 0;
  let asked = 0;
  const site: Site = {
    pool: job.pool,
    envelopes: mail,
    registry: new ActionRegistry().register(action('mark', () => (called += 1))),
    allow: undefined,
    appData: undefined,
    tell: () => undefined,
    hasHeard: (id) => id === job.id && wishes.heard === true,
    isCancelled: async ({ id }) => {
      asked += 1;
      return id === job.id && wishes.kept === true;
    },
  };
  const sealed = await mail.sealJob(job, 60_000);
  if (sealed._tag === 'Left') throw new Error(sealed.left.message);
  const handed = { id: job.id, message: sealed.right, delivery, send: () => Promise.resolve() };
  const answer = await new Delivery(site, handed).run();
  return { outcome: answer.type === 'answered' ? answer.outcome : answer.type, called, asked };
};

test('asks Redis only about jobs that were handed over or begun before', async () => {
  assert.equal(await deliver(1, { kept: true }), { outcome: 'succeeded', called: 1, asked: 0 });
  assert.equal(await deliver(1, {}, { again: true }), { outcome: 'succeeded', called: 1, asked: 1 });
  assert.equal(await deliver(2, {}), { outcome: 'succeeded', called: 1, asked: 1 });
});

test('never calls the action of a job that was taken back', async () => {
  assert.equal(await deliver(1, { heard: true }), { outcome: 'stopped', called: 0, asked: 0 });
  assert.equal(await deliver(1, { kept: true }, { again: true }), { outcome: 'stopped', called: 0, asked: 1 });
  assert.equal(await deliver(2, { kept: true }), { outcome: 'stopped', called: 0, asked: 1 });
});

test.run();
