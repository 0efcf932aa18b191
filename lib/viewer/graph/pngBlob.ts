import { CanvasPainter } from './CanvasPainter.js';
import { Camera } from './Camera.js';
import { FRAME_HEAD } from './Frame.js';
import { DETAIL_FONT } from './Labels.js';
import { shown } from '../dom/shown.js';
import type { Picture } from './Picture.js';

const SIDE_MAX = 8_192;
const PIXELS_MAX = 32e6;
const MARGIN = 24;

/** The whole drawing as a PNG, as sharp as its size allows. */
export const pngBlob = async (picture: Picture): Promise<Blob> => {
  const { scene, inks } = picture;
  const { left, top, right, bottom } = scene.bounds;
  const width = right - left + 2 * MARGIN;
  const height = bottom - top + 2 * MARGIN;
  const ratio = Math.min(2, SIDE_MAX / width, SIDE_MAX / height, Math.sqrt(PIXELS_MAX / (width * height)));
  const camera = new Camera();
  camera.scale = Math.min(1, ratio);
  camera.width = width * camera.scale;
  camera.height = height * camera.scale;
  camera.centreOn((left + right) / 2, (top + bottom) / 2);
  const painter = new CanvasPainter();
  painter.paint({ ...picture, camera, glide: undefined }, ratio / camera.scale);

  const canvas = document.createElement('canvas');
  canvas.width = painter.items.width;
  canvas.height = painter.items.height;
  const context = canvas.getContext('2d')!;
  context.fillStyle = inks.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(painter.edges, 0, 0);
  context.drawImage(painter.items, 0, 0);
  context.setTransform(ratio, 0, 0, ratio, (MARGIN - left) * ratio, (MARGIN - top) * ratio);
  context.strokeStyle = inks.muted;
  context.fillStyle = inks.muted;
  context.font = DETAIL_FONT;
  context.setLineDash([3, 4]);
  for (const frame of scene.frames) {
    context.stroke(new Path2D(frame.outline));
    context.fillText(shown(scene.groups[frame.group]?.label ?? '', 24), frame.left + 12, frame.top + FRAME_HEAD - 5);
  }
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => {
      if (blob === null) fail(new Error('The picture is too large for this browser.'));
      else done(blob);
    }, 'image/png');
  });
};
