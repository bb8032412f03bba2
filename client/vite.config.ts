/** How the page is built and served while developing: one folder of files from our own origin, no `eval`, no outside request. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Threads in WebAssembly need cross-origin isolation; the server sends the same two headers. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** Where the API listens while developing. */
const api = `http://127.0.0.1:${process.env['XF_API_PORT'] ?? process.env['PORT'] ?? '8080'}`;

export default defineConfig({
  root: folder('.'),
  publicDir: folder('public'),
  cacheDir: folder('../node_modules/.vite'),
  clearScreen: false,
  build: {
    outDir: folder('../dist'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the content policy allows no data: addresses
    modulePreload: { polyfill: false },
    license: { fileName: 'licences.md' },
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        comments: { legal: true },
        codeSplitting: {
          groups: [
            // What every page needs stays together and outlives a release in the cache; ONNX Runtime is only ever loaded by its worker.
            { name: 'lit', test: /node_modules[\\/](lit|lit-html|lit-element|@lit)[\\/]/ },
            { name: 'onnx', test: /node_modules[\\/]onnxruntime/ },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: {
    headers: isolation,
    fs: { allow: [folder('.'), folder('../schemas'), folder('../node_modules')] },
    proxy: { '^/api/': { target: api, changeOrigin: false } },
  },
  preview: { headers: isolation },
});
