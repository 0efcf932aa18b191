// alone
// timeout: 240000
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dark, light } from '../../../lib/formats/lookPalette.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openReport, painted } from './openReport.js';
import { story } from './story.js';
import { until } from './until.js';

const test = suite('must have: themes by preference and by choice');
endsBrowser(test);

const events = await story();

/** What the page is painted in: its ground, a card, and a bar of the timeline, which is a canvas. */
const seen = (page: Page) =>
  page.evaluate(async () => {
    const { panes } = document.querySelector('dag-viewer')!;
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    const card = [...panes.graph.shadowRoot!.querySelectorAll('.item')].find(
      (item) => item.querySelector('.label')?.textContent === 'load',
    )!;
    const canvas = panes.timeline.shadowRoot!.querySelector('canvas')!;
    const copy = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    copy.drawImage(canvas, -3, -(52 + 4));
    return {
      ground: getComputedStyle(document.documentElement).getPropertyValue('--dag-bg'),
      card: getComputedStyle(card.querySelector('.box')!).fill,
      canvas:
        '#' +
        [...copy.getImageData(0, 0, 1, 1).data]
          .slice(0, 3)
          .map((part) => part.toString(16).padStart(2, '0'))
          .join(''),
      scheme: getComputedStyle(document.documentElement).colorScheme,
    };
  });

const rgb = (hex: string): string =>
  `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')})`;

const themes = {
  light: { ground: '#f6f7f9', card: rgb(light['succeeded']![0]), canvas: '#ffffff', scheme: 'light' },
  dark: { ground: '#101317', card: rgb(dark['succeeded']![0]), canvas: '#171b21', scheme: 'dark' },
  contrast: { ground: '#ffffff', card: rgb('#d9ffe9'), canvas: '#ffffff', scheme: 'light' },
} as const;

const shows = (page: Page, theme: keyof typeof themes, when: string): Promise<unknown> =>
  until(
    () => seen(page),
    (found) => assert.equal(found, themes[theme], `${theme}: ${when}`),
    8_000,
  );

browserTest(
  test,
  'what the system prefers is followed until a theme is chosen, and again after that',
  async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await openReport(page, events);
    await shows(page, 'light', 'preferred');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shows(page, 'dark', 'preferred, while the page is open');
    await page.emulateMedia({ colorScheme: 'light', contrast: 'more' });
    await shows(page, 'contrast', 'preferred');
    await page.emulateMedia({ colorScheme: 'light', contrast: null });
    await page.getByRole('button', { name: 'More tools' }).click();
    for (const theme of ['dark', 'contrast', 'light'] as const) {
      await page.getByLabel('Theme').selectOption(theme);
      await shows(page, theme, 'chosen');
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    await shows(page, 'light', 'what was chosen counts');
    await page.getByLabel('Theme').selectOption('auto');
    await shows(page, 'dark', 'preferred again');
    await painted(page);
  },
);

test.run();
