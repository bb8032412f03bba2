/** The built page, from our own origin. Files with a digest in their name are kept for ever, all others are asked for again. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { fail } from '../../schemas/problem.ts';

/** Registers the page and the answer for every address that nothing else answers. */
export async function servePage(app: FastifyInstance, folder: string): Promise<void> {
  const isBuilt = existsSync(join(folder, 'index.html'));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: folder, cacheControl: false, dotfiles: 'ignore',
      setHeaders: (reply, path) => { reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'); },
    });
  }
  app.setNotFoundHandler(async ({ method, url, headers }, reply) => {
    const isPlace = method === 'GET' && !/^\/api(\/|$|\?)/.test(url) && (headers.accept ?? '').includes('text/html');
    return isPlace && isBuilt ? reply.header('cache-control', 'no-cache').sendFile('index.html') : fail('not-found');
  });
}
