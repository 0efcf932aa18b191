export { startServer } from './startServer.js';
export type { ServerOptions, ViewerServer } from './startServer.js';
export type { Forker } from './Api.js';
export { isFullToken, tokensFrom } from './Tokens.js';
export type { TokenPair } from './Tokens.js';
export { pageOf, readPage } from './Page.js';
export type { Page, PageFile } from './Page.js';
