// Viewers for viewers.mjs: each reads a run from its first event to its last, and tells how many different ones it had.
import { fromServer } from '../../dist/viewer/source/fromServer.js';

const watch = ({ port, token, runId }) =>
  new Promise((resolve) => {
    let count = 0;
    fromServer({ url: `http://127.0.0.1:${port}`, runId, token }).message$.subscribe({
      next: (message) => {
        if (message.type === 'events' || message.type === 'fill') count += message.events.length;
      },
      complete: () => resolve(count),
    });
  });

process.on('message', ({ viewers, ...address }) => {
  const watching = Array.from({ length: viewers }, () => watch(address));
  void Promise.all(watching).then((counts) => process.send(counts));
});
