// timeout: 180000
// alone
import { fork, type ChildProcess } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../until.js';
import { jobOf } from '../worker/jobOf.js';
import { siteTest, type Site } from './site.js';

const test = suite('workers of bullmqEngine that die');
const children = new Set<ChildProcess>();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

const mortal = async (site: Site): Promise<ChildProcess> => {
  const child = fork(
    new URL('mortal.worker.ts', import.meta.url),
    [site.server.url, 'the key of this deployment, no other'],
    { execArgv: ['--import', import.meta.resolve('tsx')] },
  );
  children.add(child);
  child.once('exit', () => children.delete(child));
  await new Promise((resolve, reject) => child.once('message', resolve).once('exit', reject));
  return child;
};
const kill = async (child: ChildProcess): Promise<void> => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
};

siteTest(test, 'a job whose worker was killed is run by another, and answered once', async (site) => {
  const { engine, heard, end } = site.engine();
  const first = await mortal(site);
  const job = jobOf('wait', { inputs: { ms: 3_000 } });
  await engine.submit([job]);
  await until('progress', () => heard.some(({ type }) => type === 'progressed'));
  await kill(first);
  const second = await mortal(site);
  const news = await end(job, 60_000);
  assert.equal(news, { id: job.id, type: 'succeeded', output: second.pid });
  assert.is(heard.filter(({ type }) => type === 'running').length, 2);
  assert.is(heard.filter(({ type }) => type === 'progressed').length, 2);
  await kill(second);
});

siteTest(
  test,
  'a job that kills its workers is lost once it was taken over so often, and harms no other',
  async (site) => {
    const { engine, end, heard } = site.engine();
    const poison = jobOf('die');
    await engine.submit([poison]);
    let deaths = 0;
    let isOver = false;
    const keeping = (async () => {
      while (!isOver) {
        const child = await mortal(site);
        const died = await Promise.race([
          new Promise<boolean>((resolve) => child.once('exit', () => resolve(true))),
          until('the end', () => isOver, 60_000).then(() => false),
        ]);
        if (died) deaths++;
        else await kill(child);
      }
    })();
    const news = await end(poison, 90_000);
    assert.equal(news, { id: poison.id, type: 'lost', reason: 'job stalled more than allowable limit' });
    assert.is(deaths, 3); // the first time, and taken over twice
    assert.is(heard.filter(({ type }) => type === 'running').length >= 3, true);
    assert.equal(await engine.peek([poison]), [news]);
    const sound = jobOf('wait', { inputs: { ms: 1 } });
    await engine.submit([poison, sound]);
    assert.is((await end(sound)).type, 'succeeded');
    isOver = true;
    await keeping;
    assert.is(deaths, 3);
  },
);

test.run();
