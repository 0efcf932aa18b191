import type { Plugin } from 'vite';

const pages = [
  ['hooks', 'Supervisor hooks'],
  ['timetravel', 'Time travel'],
  ['typeahead', 'Typeahead'],
  ['traces', 'Real traces'],
  ['stress', 'Stress'],
] as const;

/** Puts what all pages have in common around each: head, policy, header with the ways to the other pages. */
export const siteFrame = (): Plugin => ({
  name: 'site-frame',
  transformIndexHtml: {
    order: 'pre',
    handler: (html, { path }) => {
      const current = pages.find(([page]) => path.includes(`/${page}/`))?.[0];
      const up = current === undefined ? './' : '../';
      return html
        .replace('<head>', `<head>\n${head(up, current)}`)
        .replace(/<body([^>]*)>/, (_, attributes: string) => `<body${attributes}>\n${header(up, current)}`);
    },
  },
});

const head = (up: string, current: string | undefined): string => `    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta http-equiv="Content-Security-Policy" content="${policy(current)}" />
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${up}page/page.css" />`;

/** Only the page on which visitors write hooks may evaluate text, and look for its syntax errors in a worker. */
const policy = (current: string | undefined): string => {
  const script = current === 'hooks' ? `'self' 'unsafe-eval'` : `'self'`;
  const worker = current === 'hooks' ? `'self' blob:` : `'self'`;
  return [
    `default-src 'none'`,
    `script-src ${script}`,
    `style-src 'self'`,
    `connect-src 'self'`,
    `img-src 'self' data: blob:`,
    `worker-src ${worker}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
};

const header = (
  up: string,
  current: string | undefined,
): string => `    <a class="skip" href="#main">Skip to the demo</a>
    <header class="top">
      <a class="brand" href="${up}index.html"><span class="mark" aria-hidden="true"></span>rxdag</a>
      <nav aria-label="Demos">
${pages
  .map(
    ([page, title]) =>
      `        <a href="${up}${page}/index.html"${page === current ? ' aria-current="page"' : ''}>${title}</a>`,
  )
  .join('\n')}
      </nav>
      <label class="theme">Theme
        <select id="theme">
          <option value="auto">System</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
          <option value="contrast">Contrast</option>
        </select>
      </label>
    </header>`;
