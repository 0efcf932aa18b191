import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from './command.js';
import { skip } from './skip.js';

/** Where Chromium is looked for; `CHROMIUM` names another place. */
const places = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
export const chromiumPath = places.find((place) => place !== '' && existsSync(place));

/** What the viewer's own server sends, so that what works here works there. */
export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; worker-src 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

let browser: Promise<Browser> | undefined;

/** The one browser of this process; its spec closes it by `closeBrowser`, in a hook that runs after all. */
export const openBrowser = (): Promise<Browser> =>
  (browser ??= chromium.launch({
    executablePath: chromiumPath!,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  }));

export const closeBrowser = async (): Promise<void> => {
  await (await browser)?.close();
  browser = undefined;
};

/** A page whose errors and complaints are collected; `expected` takes those that a test wants to see out of them. */
export interface Visit {
  readonly page: Page;
  readonly complaints: string[];
}

/** Adds a test that needs a browser; without one it is skipped, in a line that says so. Errors of the page fail it. */
export const browserTest = (
  test: Test,
  name: string,
  run: (visit: Visit) => Promise<void>,
  options: BrowserContextOptions = {},
): void => {
  if (chromiumPath === undefined) return skip(test, name, 'there is no Chromium (apt-get install chromium)');
  test(name, async () => {
    const context = await (await openBrowser()).newContext({ viewport: { width: 1280, height: 800 }, ...options });
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          complaints.push(`${message.type()}: ${message.text()}`);
      });
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await run({ page, complaints });
      assert.equal(complaints, []);
    } finally {
      await context.close();
    }
  });
};

/** Closes the browser after a suite's tests. */
export const endsBrowser = (test: Test): void => test.after(closeBrowser);

/** One script of a TypeScript entry below `spec` or `lib`, as it would be served. */
export const bundled = async (entry: string, options: { readonly minify?: boolean } = {}): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['es2015'],
    minify: options.minify ?? false,
    sourcemap: options.minify === true ? false : 'inline',
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
};

/** Opens a page that is made of files in memory, at an address of its own and with the viewer's policy. */
export const openPage = async (
  page: Page,
  files: Readonly<Record<string, string>>,
  { path = '/', csp = CSP }: { readonly path?: string; readonly csp?: string | undefined } = {},
): Promise<void> => {
  const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
  await page.route('http://viewer.test/**', (route) => {
    const { pathname } = new URL(route.request().url());
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    const body = files[name];
    if (body === undefined) return route.fulfill({ status: 404, body: '' });
    const type = types[name.split('.').at(-1)!] ?? 'application/octet-stream';
    return route.fulfill({
      body,
      headers: {
        'content-type': `${type}; charset=utf-8`,
        ...(csp !== '' && { 'content-security-policy': csp }),
      },
    });
  });
  await page.goto(`http://viewer.test${path}`);
};

/** A bare page that loads one module, `main.js`. */
export const barePage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>rxdag</title><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head><body><script type="module" src="/main.js"></script></body></html>`;
