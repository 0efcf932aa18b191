// How many nodes per second a fleet gets through, from what one node costs each of its parts. All times in microseconds unless said.

/** What one node costs the coordinator, Redis and a worker, as measured with one worker, all on one machine. */
export const measured = ({ coordinator, redis, worker, perSecond }, { cores, inFlight, hopMs }) => ({
  coordinator,
  redis,
  worker,
  /** How well that machine was used when it had all it could do: what is lost to waiting and switching. */
  use: Math.min(1, (perSecond * (coordinator + redis + worker)) / (cores * 1e6)),
  /** The way of a node that nobody holds up. */
  hop: hopMs * 1_000,
  inFlight,
});

/**
 * Nodes per second with everything on one machine of `cores`: its cores share the work; no process has more than one; and no
 * more nodes are under way than may be.
 */
export const predict = ({ coordinator, redis, worker, use, hop }, { workers, cores, inFlight }) =>
  Math.min(
    (use * cores * 1e6) / (coordinator + redis + worker),
    1e6 / coordinator,
    1e6 / redis,
    (workers * 1e6) / worker,
    (inFlight * 1e6) / hop,
  );

/**
 * Node by node: runs of equal size on `coordinators` processes that share one Redis, and workers on machines of their own,
 * each with a core. A node passes its coordinator, Redis, a worker's core, its action, Redis and its coordinator again; each
 * of them does one thing at a time. There are always enough nodes that wait for nobody.
 */
export const simulateFleet = (model, { workers, concurrency, actionMs, nodes, coordinators }) => {
  const slots = workers * concurrency;
  const way = model.hop - model.coordinator - model.redis - model.worker; // on the wire, and in event loops
  const freeAt = { coordinator: new Float64Array(coordinators), redis: 0, worker: new Float64Array(workers) };
  const busy = { coordinator: 0, redis: 0, worker: 0 };
  const pass = (at, what, index, cost) => {
    const start = Math.max(at, what === 'redis' ? freeAt.redis : freeAt[what][index]);
    const end = start + cost;
    if (what === 'redis') freeAt.redis = end;
    else freeAt[what][index] = end;
    busy[what] += cost;
    return end;
  };
  // Whatever is next happens next: stages wait in a heap by time, as [time, node, stage].
  const heap = new Heap();
  let begun = 0;
  let done = 0;
  let end = 0;
  const begin = (at) => {
    if (begun < nodes) heap.push(at, begun++, 0);
  };
  for (let i = 0; i < Math.min(nodes, slots); i++) begin(0);
  while (done < nodes) {
    const { at, node, stage } = heap.pop();
    const owner = node % coordinators;
    const worker = node % workers;
    if (stage === 0) heap.push(pass(at, 'coordinator', owner, model.coordinator / 2), node, 1);
    else if (stage === 1) heap.push(pass(at, 'redis', 0, model.redis / 2) + way / 2, node, 2);
    else if (stage === 2) heap.push(pass(at, 'worker', worker, model.worker) + actionMs * 1_000, node, 3);
    else if (stage === 3) heap.push(pass(at, 'redis', 0, model.redis / 2) + way / 2, node, 4);
    else {
      end = pass(at, 'coordinator', owner, model.coordinator / 2);
      done++;
      begin(end);
    }
  }
  const seconds = end / 1e6;
  const used = (cpu, count) => cpu / (end * count);
  return {
    workers,
    concurrency,
    actionMs,
    nodes,
    coordinators,
    seconds,
    perSecond: nodes / seconds,
    /** What slots alone would allow. */
    ideal: (slots * 1_000) / actionMs,
    used: {
      coordinators: used(busy.coordinator, coordinators),
      redis: used(busy.redis, 1),
      workers: used(busy.worker, workers),
    },
  };
};

/** The earliest first; equal times in the order of nodes. */
class Heap {
  #items = [];

  push(at, node, stage) {
    const items = this.#items;
    const item = { at, node, stage };
    let i = items.push(item) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(item, items[parent])) break;
      items[i] = items[parent];
      i = parent;
    }
    items[i] = item;
  }

  pop() {
    const items = this.#items;
    const [first] = items;
    const last = items.pop();
    if (items.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && isBefore(items[child + 1], items[child])) child++;
      if (!isBefore(items[child], last)) break;
      items[i] = items[child];
      i = child;
    }
    items[i] = last;
    return first;
  }
}

const isBefore = (a, b) => a.at < b.at || (a.at === b.at && a.node < b.node);
