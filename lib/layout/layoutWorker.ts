import { serveLayouts } from './serveLayouts.js';

serveLayouts(self);
