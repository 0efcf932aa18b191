import { extended } from './extended.js';
import { layered } from './layered.js';
import type { LayoutAnswer, LayoutRequest } from './LayoutRequest.js';

/** What is needed of a worker's global scope. */
export interface WorkerScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<LayoutRequest>) => void): void;
  postMessage(message: LayoutAnswer, options: { readonly transfer: ArrayBuffer[] }): void;
}

/** What a layout worker does: it lays out what it is sent, one graph after the other. */
export const serveLayouts = (scope: WorkerScope): void => {
  scope.addEventListener('message', ({ data }) => {
    const { id, graph, options, drawn } = data;
    const layout = drawn === undefined ? layered(graph, options) : extended(drawn, graph, options);
    const { x, y, layer, from, to, routeStart, route } = layout;
    const buffers = new Set([x, y, layer, from, to, routeStart, route].map(({ buffer }) => buffer as ArrayBuffer));
    scope.postMessage({ id, layout }, { transfer: [...buffers] });
  });
};
