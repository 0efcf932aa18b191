import { serveLayouts } from '../../layout/serveLayouts.js';
import { startPage } from './startPage.js';

// One script is the page and, without a page, the worker in which it lays graphs out.
if (typeof document === 'undefined') serveLayouts(globalThis);
else startPage();
