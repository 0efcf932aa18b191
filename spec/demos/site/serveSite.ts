import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { root } from '../../support/command.js';

/** The built site at an address of its own. */
export interface Served {
  /** With a slash at its end. */
  readonly url: string;
  /** Ends the server and removes what was built. */
  readonly close: () => Promise<void>;
}

/** Builds the site into a folder of its own and serves that, two folders deep: a path that begins at the root leads nowhere. */
export const serveSite = async (): Promise<Served> => {
  const folder = await mkdtemp(join(tmpdir(), 'rxdag-site-'));
  const options = {
    configFile: join(root, 'demos', 'site', 'vite.config.ts'),
    logLevel: 'error',
  } as const;
  await build({ ...options, build: { outDir: join(folder, 'deep', 'folder'), emptyOutDir: true } });
  const server = await preview({ ...options, build: { outDir: folder }, preview: { port: 0, host: '127.0.0.1' } });
  return {
    url: `${server.resolvedUrls!.local[0]!}deep/folder/`,
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
