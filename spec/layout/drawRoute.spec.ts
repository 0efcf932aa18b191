import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drawRoute } from '../../lib/layout/drawRoute.js';
import type { Layout } from '../../lib/layout/Layout.js';
import { layered } from '../../lib/layout/layered.js';
import { graphOf } from './graphs.js';

const drawn = (layout: Layout, edge: number, isDown = false): string => {
  const parts: string[] = [];
  drawRoute(
    layout,
    edge,
    {
      moveTo: (...at) => parts.push(`M ${at.join(' ')}`),
      lineTo: (...at) => parts.push(`L ${at.join(' ')}`),
      bezierCurveTo: (...at) => parts.push(`C ${at.join(' ')}`),
    },
    isDown,
  );
  return parts.join(' ');
};

const line = (...route: readonly number[]): Layout => ({
  ...layered(graphOf(2, [[0, 1]])),
  routeStart: Int32Array.of(0, route.length / 2),
  route: Float32Array.from(route),
});

const test = suite('drawRoute');

test('draws level parts as lines, slopes as curves that begin and end level', () => {
  const route = line(0, 0, 10, 0, 30, 40, 50, 40);
  assert.is(drawn(route, 0), 'M 0 0 L 10 0 C 20 0 20 40 30 40 L 50 40');
});

test('draws curves that begin and end upright where layers lie below each other', () => {
  const route = line(0, 0, 0, 10, 40, 30);
  assert.is(drawn(route, 0, true), 'M 0 0 L 0 10 C 0 20 40 20 40 30');
});

test('draws nothing for a loop', () => {
  assert.is(drawn(layered(graphOf(1, [[0, 0]])), 0), '');
});

test.run();
