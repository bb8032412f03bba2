/** The pages of a bench: built by Vite as the product is, with what they fetch beside them, served under the product's content policy. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { securityHeaders } from '../../../server/http-settings.ts';

export interface Pages {
  /** Ends in a slash. */
  origin: string;
  /** Bytes of the scripts that a module brings along, gzip -9. */
  scriptBytes(module: string): number;
  close(): Promise<void>;
}

const types: { readonly [extension: string]: string } = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.json': 'application/json', '.wasm': 'application/wasm' };

/** `files` are texts or folders, by their path in the site. */
export async function openPages(folder: URL, files: { readonly [path: string]: string | { folder: string } }): Promise<Pages> {
  const site = mkdtempSync(join(tmpdir(), 'xf-bench-pages-'));
  const output = (await build({
    configFile: false, root: fileURLToPath(folder), base: './', logLevel: 'error', worker: { format: 'es' },
    build: { outDir: site, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  })) as Rolldown.RolldownOutput;
  for (const [path, content] of Object.entries(files)) {
    const to = join(site, path);
    mkdirSync(join(to, '..'), { recursive: true });
    if (typeof content === 'string') writeFileSync(to, content);
    else cpSync(content.folder, to, { recursive: true });
  }
  const server = createServer(({ url = '/' }, reply) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://x').pathname)).replace(/\/$/, '/index.html');
    try {
      const content = readFileSync(join(site, path));
      reply.writeHead(200, { ...headers, 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(content);
    } catch {
      reply.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    scriptBytes: (module) => sizeOf(output, module),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(site, { recursive: true, force: true });
    },
  };
}

const headers = { ...securityHeaders, 'cache-control': 'no-store' };

function sizeOf({ output }: Rolldown.RolldownOutput, module: string): number {
  const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])));
  const first = [...chunks.values()].find(({ facadeModuleId }) => facadeModuleId?.endsWith(module));
  const wanted = new Set(first ? [first.fileName] : []);
  for (const name of wanted) for (const next of chunks.get(name)?.imports ?? []) wanted.add(next);
  return [...wanted].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '', { level: 9 }).length, 0);
}
