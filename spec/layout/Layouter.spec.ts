import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { extended } from '../../lib/layout/extended.js';
import { layered } from '../../lib/layout/layered.js';
import { Layouter, type LayoutWorker } from '../../lib/layout/Layouter.js';
import type { LayoutAnswer, LayoutRequest } from '../../lib/layout/LayoutRequest.js';
import { serveLayouts } from '../../lib/layout/serveLayouts.js';
import { chain } from './graphs.js';

/** A worker that answers when it is told to, as the real one does, with copies. */
class ToldWorker extends EventTarget {
  readonly asked: LayoutRequest[] = [];
  isEnded = false;
  #serve: (event: MessageEvent<LayoutRequest>) => void = () => undefined;

  constructor() {
    super();
    serveLayouts({
      addEventListener: (_, listener) => (this.#serve = listener),
      postMessage: (answer, { transfer }) =>
        this.dispatchEvent(new MessageEvent<LayoutAnswer>('message', { data: structuredClone(answer, { transfer }) })),
    });
  }

  postMessage(request: LayoutRequest): void {
    this.asked.push(structuredClone(request));
  }

  terminate(): void {
    this.isEnded = true;
  }

  answer(): void {
    this.#serve(new MessageEvent('message', { data: this.asked.at(-1)! }));
  }
}

const tell = (worker: ToldWorker): LayoutWorker => worker as unknown as LayoutWorker;
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const test = suite('Layouter');

test('has a worker do the work', async () => {
  const worker = new ToldWorker();
  const layouter = new Layouter(() => tell(worker));
  const layout = layouter.layout(chain(3), { direction: 'down' });
  worker.answer();
  assert.equal(await layout, layered(chain(3), { direction: 'down' }));
  const more = layouter.layout(chain(4), {}, layered(chain(3)));
  worker.answer();
  assert.equal(await more, extended(layered(chain(3)), chain(4)));
});

test('lets only the newest wait while the worker is at work', async () => {
  const worker = new ToldWorker();
  const layouter = new Layouter(() => tell(worker));
  const [first, second, third] = [2, 3, 4].map((size) => layouter.layout(chain(size)));
  assert.is(await second, undefined);
  assert.is(worker.asked.length, 1);
  worker.answer();
  assert.is((await first)?.x.length, 2);
  worker.answer();
  assert.is((await third)?.x.length, 4);
  assert.is(worker.asked.length, 2);
});

test('does it in this thread where no worker can be made', async () => {
  let made = 0;
  const layouter = new Layouter(() => {
    made++;
    throw new Error('no workers here');
  });
  const [first, second, third] = [2, 3, 4].map((size) => layouter.layout(chain(size)));
  assert.equal(await first, layered(chain(2)));
  assert.is(await second, undefined);
  assert.equal(await third, layered(chain(4)));
  assert.is(made, 1);
});

test('does in this thread what a worker leaves undone when it dies', async () => {
  for (const how of ['error', 'messageerror']) {
    const worker = new ToldWorker();
    const layouter = new Layouter(() => tell(worker));
    const [first, second] = [2, 3].map((size) => layouter.layout(chain(size)));
    worker.dispatchEvent(new Event(how));
    assert.is((await first)?.x.length, 2);
    assert.is((await second)?.x.length, 3);
    assert.ok(worker.isEnded);
    assert.is((await layouter.layout(chain(5)))?.x.length, 5);
    assert.is(worker.asked.length, 1);
  }
});

test('rejects when the graph cannot be laid out', async () => {
  const layouter = new Layouter(() => {
    throw new Error('no workers here');
  });
  const broken = { ...chain(2), size: -1 };
  const error = await layouter.layout(broken).catch((error: unknown) => error);
  assert.instance(error, RangeError);
  assert.is((await layouter.layout(chain(2)))?.x.length, 2);
});

test('answers nothing once it is closed', async () => {
  const worker = new ToldWorker();
  const layouter = new Layouter(() => tell(worker));
  const [first, second] = [2, 3].map((size) => layouter.layout(chain(size)));
  layouter.close();
  worker.answer();
  await turn();
  assert.equal(await Promise.all([first, second, layouter.layout(chain(4))]), [undefined, undefined, undefined]);
  assert.ok(worker.isEnded);
});

test.run();
