import { createHmac } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import * as E from '#fp-ts/Either';
import * as t from 'io-ts';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DagError } from '../../../lib/define/DagError.js';
import { failureOf } from '../../../lib/model/Failure.js';
import { Json } from '../../../lib/model/Json.js';
import { getBlob, putBlob } from '../../../lib/remote/envelope/BlobRef.js';
import { memoryBlobs, type BlobStore } from '../../../lib/remote/envelope/BlobStore.js';
import { cappedFailure } from '../../../lib/remote/envelope/cappedFailure.js';
import { envelopes } from '../../../lib/remote/envelope/Envelopes.js';
import type { EnvelopeFault } from '../../../lib/remote/envelope/EnvelopeFault.js';
import { readKey } from '../../../lib/remote/envelope/readKey.js';
import { seal, unseal, type Envelope } from '../../../lib/remote/envelope/seal.js';
import { SigningKey, signingKey } from '../../../lib/remote/envelope/SigningKey.js';
import { strict } from '../../../lib/model/strict.js';
import type { RemoteJob } from '../../../lib/run/RemoteEngine.js';

const HEX = '0123456789abcdef'.repeat(4);
const key = signingKey(HEX);
const got = <A>(result: E.Either<EnvelopeFault, A>): A => {
  if (E.isLeft(result)) throw new Error(`${result.left.type}: ${result.left.message}`);
  return result.right;
};
const fault = (result: E.Either<EnvelopeFault, unknown>): string => {
  if (E.isRight(result)) throw new Error(`It was taken: ${JSON.stringify(result.right)}`);
  assert.ok(result.left.message.length < 600, result.left.message);
  return result.left.type;
};

const wrongUse =
  (message: RegExp) =>
  (error: unknown): boolean =>
    error instanceof DagError && error.type === 'InvalidOptions' && message.test(error.message);

const keys = suite('SigningKey');

keys('takes hexadecimal digits for bytes, and any other text for its UTF-8', () => {
  const sign = (one: SigningKey) => one.sign('a\n', Buffer.from('b'));
  assert.is(sign(signingKey(HEX)), createHmac('sha256', Buffer.from(HEX, 'hex')).update('a\nb').digest('base64url'));
  assert.is(sign(signingKey(` ${HEX.toUpperCase()}\n`)), sign(signingKey(HEX)));
  const text = 'not at all a hexadecimal ünicode.';
  assert.is(sign(signingKey(text)), createHmac('sha256', text).update('a\nb').digest('base64url'));
});

keys('refuses fewer than 32 bytes', () => {
  for (const short of ['', 'short', HEX.slice(0, 62), 'x'.repeat(31)])
    assert.throws(
      () => signingKey(short),
      wrongUse(/^The key has \d+ bytes, and 32 are needed; make one with: openssl rand -hex 32\.$/),
    );
});

keys('shows itself to nobody', () => {
  for (const shown of [inspect(key, { showHidden: true, depth: 9 }), JSON.stringify({ key })])
    assert.not.match(shown, /0123|30 31/);
});

keys('knows its own signature alone', () => {
  const body = Buffer.from('{}');
  const right = key.sign('p', body);
  assert.ok(key.verifies('p', body, right));
  for (const wrong of ['', right.slice(1), `${right}=`, `${right}\n`, right.toLowerCase(), `${right.slice(0, -1)}é`])
    assert.not.ok(key.verifies('p', body, wrong));
  assert.not.ok(key.verifies('q', body, right));
  assert.not.ok(new SigningKey(Buffer.alloc(32)).verifies('p', body, right));
});

keys('is read from a file or the environment, else one sentence tells how to get one', () => {
  const dir = mkdtempSync(join(tmpdir(), 'rxdag-key-'));
  try {
    const file = join(dir, 'key');
    const warnings: string[] = [];
    const warn = (warning: string): unknown => warnings.push(warning);
    writeFileSync(file, `${HEX}\n`, { mode: 0o600 });
    const same = (one: SigningKey) => one.verifies('p', Buffer.from('b'), key.sign('p', Buffer.from('b')));
    assert.ok(same(readKey({ file, env: { RXDAG_KEY: 'x'.repeat(40) }, warn })));
    assert.ok(same(readKey({ env: { RXDAG_KEY: HEX } })));
    assert.equal(warnings, []);
    chmodSync(file, 0o644);
    readKey({ file, env: {}, warn });
    assert.match(warnings.join(), /is open to others on this machine; close it with: chmod 600/);
    for (const env of [{}, { RXDAG_KEY: ' ' }])
      assert.throws(
        () => readKey({ env }),
        wrongUse(/^Remote jobs are signed, and there is no key in RXDAG_KEY or a key file; make one/),
      );
    assert.throws(() => readKey({ file: join(dir, 'none') }), wrongUse(/can't be read \(ENOENT\)/));
    writeFileSync(file, 'x'.repeat(70_000));
    assert.throws(() => readKey({ file }), wrongUse(/has 70000 bytes/));
  } finally {
    rmSync(dir, { recursive: true });
  }
});

keys.run();

const sealing = suite('seal');
const Body = strict<{ readonly a: Json }>('Body', { a: Json }, {});
const signed = (body: string, kind = 'job'): Envelope => ({
  v: 1,
  body,
  mac: createHmac('sha256', Buffer.from(HEX, 'hex')).update(`rxdag/${kind}/1\n${body}`).digest('base64url'),
});

sealing('makes what every language can make, and opens it again', () => {
  for (const a of [null, 'ü\ud800 \0', { __proto__: null, x: [1.5] }, JSON.parse('{"__proto__":{"x":1}}') as Json]) {
    const message = got(seal('result', { a }, key));
    assert.equal(message, signed(JSON.stringify({ a }), 'result'));
    const back = got(unseal('result', JSON.parse(JSON.stringify(message)), key, Body));
    assert.is(JSON.stringify(back), JSON.stringify({ a }));
  }
  assert.is(({} as { x?: unknown }).x, undefined);
});

sealing('takes nothing that is not signed, not signed for this kind, or changed', () => {
  const message = got(seal('job', { a: 'A' }, key));
  const forged: unknown[] = [
    { ...message, body: message.body.replace('A', 'B') },
    { ...message, body: ` ${message.body}` },
    { ...message, mac: '' },
    { ...message, mac: message.mac.replace(/^./, (c) => (c === 'x' ? 'y' : 'x')) },
    got(seal('result', { a: 'A' }, key)),
    got(seal('job', { a: 'A' }, new SigningKey(Buffer.alloc(32, 7)))),
  ];
  for (const one of forged) assert.is(fault(unseal('job', one, key, Body)), 'Forged');
});

sealing('takes nothing that is no envelope, whatever it is', () => {
  const message = got(seal('job', { a: 'A' }, key));
  const bad: unknown[] = [
    undefined,
    null,
    7,
    'text',
    [],
    [message],
    JSON.stringify(message),
    {},
    { ...message, v: 2 },
    { ...message, v: '1' },
    { ...message, extra: 1 },
    { ...message, body: 7 },
    { ...message, mac: [message.mac] },
    { v: 1, body: message.body },
    JSON.parse(`{"__proto__":${JSON.stringify(message)}}`),
    Object.defineProperty({ ...message }, 'body', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    }),
    new Proxy(message, {
      ownKeys: () => {
        throw new Error('no');
      },
    }),
  ];
  for (const one of bad) assert.is(fault(unseal('job', one, key, Body)), 'Malformed', inspect(one));
});

sealing('takes no signed body that is not of the form', () => {
  const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  assert.ok(E.isRight(unseal('job', signed(nested(64)), key, Body)));
  for (const body of [
    '',
    '{',
    '7',
    'null',
    '[]',
    '{}',
    nested(65),
    nested(200_000),
    `{"a":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_001)}`,
  ])
    assert.is(fault(unseal('job', signed(body), key, Body)), 'Malformed', body.slice(0, 20));
});

sealing('reads no body that is too large, on both ends', () => {
  assert.is(fault(seal('job', { a: 'ü'.repeat(50) }, key, 100)), 'TooLarge');
  assert.is(fault(unseal('job', signed('x'.repeat(101)), key, Body, 100)), 'TooLarge');
  assert.is(fault(unseal('job', signed('ü'.repeat(51)), key, Body, 100)), 'TooLarge');
  assert.is(fault(unseal('job', { v: 1, body: 'x'.repeat(2_000_001), mac: '' }, key, Body)), 'TooLarge');
  assert.is(fault(unseal('job', { v: 1, body: 'x'.repeat(2_000_000), mac: '' }, key, Body)), 'Forged');
});

sealing('reads the bytes that are signed, not another text with the same bytes', () => {
  const message = got(seal('job', { a: '\ufffd' }, key));
  const twin = { ...message, body: message.body.replace('\ufffd', '\ud800') };
  assert.equal(got(unseal('job', twin, key, Body)), { a: '\ufffd' });
});

sealing.run();

const blobbing = suite('BlobStore');

blobbing('keeps a value once, for the longest time that was asked for', async () => {
  let now = 0;
  const blobs = memoryBlobs(() => now);
  const value = { text: 'ü'.repeat(9) };
  const ref = got(await putBlob(blobs, value, 1_000));
  assert.equal(got(await putBlob(blobs, value, 10)), ref);
  assert.is(ref.bytes, Buffer.byteLength(JSON.stringify(value)));
  now = 999;
  assert.equal(got(await getBlob(blobs, ref, Json)), value);
  assert.is(fault(await getBlob(blobs, ref, Json, ref.bytes - 1)), 'TooLarge');
  assert.is(fault(await putBlob(blobs, value, 10, ref.bytes - 1)), 'TooLarge');
  now = 1_000;
  assert.is(fault(await getBlob(blobs, ref, Json)), 'BlobMissing');
});

blobbing('gives only what was signed', async () => {
  const holding = (text: string | undefined): BlobStore => ({
    put: () => Promise.resolve(),
    get: () => Promise.resolve(text),
  });
  const ref = got(await putBlob(memoryBlobs(), 'value', 1));
  assert.is(fault(await getBlob(holding(undefined), ref, Json)), 'BlobMissing');
  for (const text of ['', '"other"', '"valu\u00e9"', '"value" ', 'x'.repeat(1_000)])
    assert.is(fault(await getBlob(holding(text), ref, Json)), 'Forged');
  const list = got(await putBlob(memoryBlobs(), ['value'], 1));
  assert.is(fault(await getBlob(holding('["value"]'), list, t.string)), 'Malformed');
});

blobbing.run();

const job: RemoteJob = {
  id: 'r.1.n.1',
  runId: 'r',
  dagName: 'd',
  nodeId: 'n',
  attempt: 1,
  epoch: 3,
  pool: 'cpu',
  action: 'do',
  inputs: { a: 1, b: null },
  graceMs: 100,
  startedAt: 5,
};
const whole = suite('envelopes');
let now = 1_000;
const blobs = memoryBlobs(() => now);
const wire = <A>(value: A): A => JSON.parse(JSON.stringify(value)) as A;
const mail = envelopes({ key, blobs, now: () => now, inlineMax: 1_000 });

whole('carries a job, with large values by reference', async () => {
  const large = 'x'.repeat(5_000);
  const jobs: RemoteJob[] = [
    job,
    { ...job, inputs: {}, item: null, index: 0, priority: -2, timeoutMs: 5, idleTimeoutMs: 6 },
    { ...job, inputs: JSON.parse(`{"__proto__":1}`) as RemoteJob['inputs'], item: large },
    { ...job, inputs: { large } },
  ];
  for (const one of jobs) {
    const message = got(await mail.sealJob(one, 60_000));
    assert.ok(message.body.length < 3_000);
    const back = got(await mail.openJob(wire(message), job));
    assert.is(JSON.stringify(sorted(back)), JSON.stringify(sorted({ ...one, expiresAt: now + 60_000 })));
  }
});

whole('lets outputs go by reference sooner than inputs', async () => {
  const usual = envelopes({ key, blobs });
  const [short, medium, long] = [16_000, 17_000, 66_000].map((length) => 'x'.repeat(length));
  const hasRef = (message: Envelope) => /"(?:output|inputs)At"/.test(message.body);
  for (const [text, isLongInput, isLongOutput] of [
    [short, false, false],
    [medium, false, true],
    [long, true, true],
  ] as const) {
    assert.is(hasRef(got(await usual.sealJob({ ...job, inputs: { text: text! } }, 1))), isLongInput);
    assert.is(hasRef(got(await usual.sealResult(job, { type: 'succeeded', output: text! }))), isLongOutput);
  }
});

whole('gives a job to nobody but the place it is for, and not after its time', async () => {
  const message = got(await mail.sealJob(job, 60_000));
  assert.is(fault(await mail.openJob(message, { id: 'r.1.n.2', pool: 'cpu' })), 'Misplaced');
  assert.is(fault(await mail.openJob(message, { id: job.id, pool: 'gpu' })), 'Misplaced');
  now += 60_000;
  assert.ok(E.isRight(await mail.openJob(message, job)));
  now += 1;
  assert.is(fault(await mail.openJob(message, job)), 'Expired');
});

whole('takes no job that is signed but not whole', async () => {
  const body = wire(JSON.parse(got(await mail.sealJob(job, 1)).body) as Record<string, unknown>);
  const ref = got(await putBlob(blobs, { a: 1 }, 1_000));
  const changed = (change: object) => mail.openJob(signed(JSON.stringify({ ...body, ...change })), job);
  assert.ok(E.isRight(await changed({})));
  for (const change of [
    { inputs: undefined },
    { inputsAt: ref },
    { inputs: undefined, inputsAt: { ...ref, extra: 1 } },
    { item: 1, itemAt: ref },
    { attempt: 0 },
    { epoch: -1 },
    { timeoutMs: 0 },
    { action: 7 },
    { startedAt: null },
    { unknown: 1 },
  ])
    assert.is(fault(await changed(change)), 'Malformed', JSON.stringify(change));
  assert.is(fault(await changed({ inputs: undefined, inputsAt: { ...ref, blob: 'none' } })), 'BlobMissing');
  assert.is(fault(await changed({ inputs: undefined, inputsAt: { ...ref, bytes: 67_108_865 } })), 'TooLarge');
});

whole('carries every outcome', async () => {
  const large = { text: 'x'.repeat(5_000) };
  const error = failureOf(new Error('no', { cause: new TypeError('why') }));
  for (const outcome of [
    { type: 'succeeded', output: null },
    { type: 'succeeded', output: large },
    { type: 'failed', error, isFinal: true },
    { type: 'stopped', abandoned: true },
  ] as const) {
    const back = got(await mail.openResult(wire(got(await mail.sealResult(job, outcome))), job));
    assert.equal(back, { id: job.id, runId: 'r', nodeId: 'n', attempt: 1, epoch: 3, outcome });
  }
  const message = got(await mail.sealResult(job, { type: 'succeeded', output: 1 }));
  assert.is(fault(await mail.openResult(message, { id: 'r.1.n.2' })), 'Misplaced');
  assert.is(fault(await mail.openJob(message, job)), 'Forged');
});

whole('carries progress and cancels', () => {
  const progress = { id: job.id, delivery: 1, nth: 2, value: [1] };
  assert.equal(got(mail.openProgress(wire(got(mail.sealProgress(progress))), job)), progress);
  const cancel = { id: job.id, pool: 'cpu', runId: 'r', reason: 'x'.repeat(2_000) };
  const message = wire(got(mail.sealCancel(cancel)));
  assert.equal(got(mail.openCancel(message, { pool: 'cpu' })), { ...cancel, reason: 'x'.repeat(1_000) });
  assert.is(fault(mail.openCancel(message, { pool: 'gpu' })), 'Misplaced');
  assert.is(fault(mail.openCancel(message, { pool: 'cpu', id: 'other' })), 'Misplaced');
});

whole('cuts errors to 16 K characters, outermost first', () => {
  const small = failureOf(new Error('no', { cause: new TypeError('why') }));
  assert.equal(cappedFailure(small), small);
  const text = 'x'.repeat(10_000);
  const cut = cappedFailure({
    name: 'E',
    message: text,
    stack: text,
    cause: { name: 'C', message: text },
    data: [text, text],
  });
  assert.equal(cut, { name: 'E', message: text, stack: text.slice(0, 6_383) });
  let deep = failureOf('end');
  for (let i = 0; i < 100_000; i++) deep = { name: 'E', message: 'm', cause: deep };
  assert.ok(JSON.stringify(cappedFailure(deep)).length < 1_000);
});

whole.run();

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
